/** Writing back without waiting in this thread. */
import { closeSync, openSync } from 'node:fs'
import type { Host } from '../contracts/host.ts'

/**
 * Writes back the file system of a store in another thread. It is only a hint: a caller that needs it written syncs afterwards.
 *
 * Only of a path that stays mounted for now. A program that is started meanwhile has the descriptor, too, for a moment after this
 * process goes on: exec wakes the parent of a vfork before it closes descriptors (fs/exec.c, begin_new_exec), and what is
 * unmounted then is busy. `path`: null for a store without a file system of its own; there is nothing to do.
 */
export async function writeBackAside(
  { syscalls }: Pick<Host, 'syscalls'>,
  path: string | null,
): Promise<void> {
  if (path === null) return
  const fd = openSync(path, 'r')
  try {
    await syscalls.syncfsAside(fd)
  } finally {
    closeSync(fd)
  }
}
