/** What the user-space unions have in common: their program, and the daemons that serve. */
import { readFileSync } from 'node:fs'
import { errnoOf } from '../../harness/contracts/syscalls.ts'
import type { Host } from '../../harness/contracts/host.ts'

/** Returns what the program says of itself: its version. */
export async function programVersion(host: Host, program: string): Promise<string> {
  const { stdout, stderr } = await host.run(program, ['--version'])
  return versionIn(`${stdout}\n${stderr}`, program)
}

/** The line that names the program: `fuse-overlayfs: version 1.10`, `unionfs-fuse version: 1.0`. */
function versionIn(text: string, program: string): string {
  return text.split('\n').find((line) => line.startsWith(program)) ?? program
}

/**
 * Whether a child of this process that is still alive has the text in its command line. For daemons whose mounts
 * nothing tells apart from outside. Reads one file, and one for each child (proc_pid_task_children(5)).
 */
export function hasChildWith(text: string): boolean {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
  return children
    .split(' ')
    .filter(Boolean)
    .some((pid) => commandLine(pid).includes(text))
}

/** Empty when the process has ended in the meantime. */
function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(errnoOf(error) ?? '')) return ''
    throw error
  }
}
