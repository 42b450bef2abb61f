/** What a store may leave behind: mounts, loop and device-mapper devices, pools, processes; seen from the kernel. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import type { TestScratch } from './scratch.ts'

/** All that hangs on this scratch, as text to compare. */
export function hangingOn(scratch: TestScratch): string[] {
  return [...mounts(scratch), ...loops(scratch), ...deviceMapper(scratch), ...pools(scratch), ...children()]
}

function mounts({ directory, device }: TestScratch): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(directory) || line.includes(` ${device} `))
    .map((line) => `mount ${line}`)
}

function loops({ directory, file }: TestScratch): string[] {
  return readdirSync('/sys/block')
    .filter((name) => name.startsWith('loop'))
    .map((name) => ({ name, backing: backingFile(name) }))
    .filter(({ backing }) => backing.startsWith(directory) || backing.startsWith(file))
    .map(({ name, backing }) => `loop ${name} ${backing}`)
}

function deviceMapper({ label }: TestScratch): string[] {
  return readdirSync('/sys/block')
    .filter((name) => name.startsWith('dm-'))
    .map((name) => readFileSync(`/sys/block/${name}/dm/name`, 'utf8').trim())
    .filter((name) => name.startsWith(label))
    .map((name) => `device mapper ${name}`)
}

/** Each pool that is imported has a folder of counters there. */
function pools({ label }: TestScratch): string[] {
  const COUNTERS = '/proc/spl/kstat/zfs'
  if (!existsSync(COUNTERS)) return []
  return readdirSync(COUNTERS)
    .filter((name) => name === label)
    .map((name) => `pool ${name}`)
}

/** Empty where nothing is attached. The file's absence between two looks is no error. */
function backingFile(name: string): string {
  try {
    return readFileSync(`/sys/block/${name}/loop/backing_file`, 'utf8').trim()
  } catch {
    return ''
  }
}

function children(): string[] {
  return readdirSync('/proc/self/task')
    .flatMap((task) => readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' '))
    .filter(Boolean)
    .map((pid) => `process ${pid}`)
}
