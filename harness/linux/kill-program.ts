/** Kills a program that does not end, with all that it has started. */
import { linkOf, namesIn } from './proc-folder.ts'
import { descendantsOf, processIds, sendSignal } from './process.ts'

/**
 * Kills the process, its descendants, and each other process that has one of the pipes open: what a program has left behind
 * is no descendant of it, and keeps the reader of its output waiting. `pid`: null where the program itself has ended.
 * `pipes`: numbers of inodes. This process is spared.
 */
export function killProgram(pid: number | null, pipes: readonly number[] = []): void {
  const doomed = new Set([...(pid === null ? [] : [pid, ...descendantsOf(pid)]), ...holdersOf(pipes)])
  doomed.delete(process.pid)
  for (const each of doomed) sendSignal(each, 'SIGKILL')
}

function holdersOf(pipes: readonly number[]): number[] {
  const names = new Set<string | null>(pipes.map((inode) => `pipe:[${inode}]`))
  if (names.size === 0) return []
  const holds = (folder: string) => namesIn(folder).some((name) => names.has(linkOf(`${folder}/${name}`)))
  return processIds()
    .filter((pid) => holds(`/proc/${pid}/fd`))
    .map(Number)
}
