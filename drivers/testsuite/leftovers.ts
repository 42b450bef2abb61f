/** Leftovers of a store: mounts, loop and device-mapper devices, pools, processes; as the kernel lists them. */
import { existsSync, readdirSync } from 'node:fs'
import { readMounts } from '../../harness/linux/mountinfo.ts'
import { childrenOf } from '../../harness/linux/process.ts'
import { attachedLoops, mappedDevices } from '../../harness/linux/sysfs.ts'
import type { TestScratch } from './scratch.ts'

/** Returns all that hangs on this scratch, as text to compare. */
export function hangingOn(scratch: TestScratch): string[] {
  return [...mounts(scratch), ...loops(scratch), ...deviceMapper(scratch), ...pools(scratch), ...children()]
}

function mounts({ directory, device }: TestScratch): string[] {
  return readMounts()
    .filter((mount) => mount.source === device || Object.values(mount).join(' ').includes(directory))
    .map((mount) => `mount ${Object.values(mount).join(' ')}`)
}

function loops({ directory, file }: TestScratch): string[] {
  return attachedLoops()
    .filter((loop) => loop.file.startsWith(directory) || loop.file.startsWith(file))
    .map((loop) => `loop ${loop.name} ${loop.file}`)
}

function deviceMapper({ label }: TestScratch): string[] {
  return mappedDevices()
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

function children(): string[] {
  return (childrenOf(process.pid) ?? []).map((pid) => `process ${pid}`)
}
