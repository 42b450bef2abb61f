/** Parts that the user-space unions share: their program, and the daemons that serve. */
import type { Host } from '../../harness/contracts/host.ts'
import { childrenOf, commandLine } from '../../harness/linux/process.ts'

/** Returns what the program says of itself: its version. */
export async function programVersion(host: Host, program: string): Promise<string> {
  const { stdout, stderr } = await host.run(program, ['--version'])
  return versionIn(`${stdout}\n${stderr}`, program)
}

/** Returns the line that names the program: `fuse-overlayfs: version 1.10`, `unionfs-fuse version: 1.0`. */
function versionIn(text: string, program: string): string {
  return text.split('\n').find((line) => line.startsWith(program)) ?? program
}

/**
 * Returns whether a child of this process that is still alive has the text in its command line. For daemons whose mounts
 * nothing tells apart from outside. Reads one file, and one for each child.
 */
export function hasChildWith(text: string): boolean {
  return (childrenOf(process.pid, { thread: process.pid }) ?? []).some((pid) =>
    commandLine(pid).includes(text),
  )
}
