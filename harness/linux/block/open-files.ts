/** Processes that have a block device open: proc_pid_fd(5). */
import { readdirSync, readlinkSync } from 'node:fs'
import { programOf } from '../process.ts'
import { linkOf, namesIn } from '../proc-folder.ts'
import { blockNumberAt } from './device.ts'

export interface OpenBy {
  pid: number
  name: string
}

/**
 * Returns a process other than this one that has a device of these numbers open; null where none has. Only what lies below
 * /dev is looked at: to look at any other open file may take as long as a server or a daemon does.
 */
export function openBy(numbers: ReadonlySet<string>, proc = '/proc'): OpenBy | null {
  const self = readlinkSync(`${proc}/self`)
  for (const pid of readdirSync(proc)) {
    if (pid === self || !/^\d+$/.test(pid)) continue
    const opens = namesIn(`${proc}/${pid}/fd`).some((descriptor) => {
      const path = `${proc}/${pid}/fd/${descriptor}`
      const number = linkOf(path)?.startsWith('/dev/') ? blockNumberAt(path) : null
      return number !== null && numbers.has(number)
    })
    if (opens) return { pid: Number(pid), name: programOf(pid, proc) ?? 'ended' }
  }
  return null
}
