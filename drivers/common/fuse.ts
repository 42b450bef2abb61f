/** What the user-space unions have in common: their program, and the daemons that serve. */
import { readFileSync } from 'node:fs'
import type { Backing, Support } from '../../harness/contracts/driver.ts'
import { errnoOf } from '../../harness/contracts/syscalls.ts'
import type { Host } from '../../harness/contracts/host.ts'
import { probeBacking } from './backing.ts'

/**
 * Are the backing, FUSE and the program there? The answer's `version` is what the program says of itself. Debian's
 * package of each has the program's name.
 */
export async function probeFuseProgram(host: Host, backing: Backing, program: string): Promise<Support> {
  const support = await probeBacking(host, backing)
  if (!support.ok) return support
  if (!(await host.hasFilesystem('fuse'))) {
    return {
      ok: false,
      code: 'kernel.no-filesystem',
      reason: `this kernel (${host.kernelRelease}) has no FUSE`,
      hint: 'load the fuse module, or boot a kernel that has it',
    }
  }
  if (host.which(program) === null) {
    return {
      ok: false,
      code: 'host.no-program',
      reason: `${program} is not installed`,
      hint: `install the package ${program}: npm run setup does`,
    }
  }
  const { stdout, stderr } = await host.run(program, ['--version'])
  return { ok: true, version: versionIn(`${stdout}\n${stderr}`, program) }
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
