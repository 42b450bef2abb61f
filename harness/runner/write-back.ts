/** Writing back without waiting in this thread. */
import { closeSync, openSync } from 'node:fs'
import type { Host } from '../contracts/host.ts'

/** Writes back the file system of a path in another thread. A hint: whoever needs it written syncs afterwards. */
export async function writeBackAside({ syscalls }: Pick<Host, 'syscalls'>, path: string): Promise<void> {
  const fd = openSync(path, 'r')
  try {
    await syscalls.syncfsAside(fd)
  } finally {
    closeSync(fd)
  }
}
