import { closeSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Syscalls } from '../../../harness/contracts/syscalls.ts'
import { readMounts } from '../../../harness/linux/mountinfo.ts'
import { isLoopDirect, loopFile, numberedBlockFolder } from '../../../harness/linux/sysfs.ts'

/** The major number of loop devices: linux/major.h. */
const LOOP_MAJOR = '7:'

export interface LoopMount {
  /** Path of the file attached to the loop device. */
  file: string
  target: string
  /** Whether the device passes the file's page cache by, as the kernel tells. */
  direct: boolean
}

/** Returns the files that are mounted through a loop device, and where. Each is absolute, without symbolic links. */
export function readLoopMounts(): LoopMount[] {
  return readMounts().flatMap(({ device, target }) => {
    if (!device.startsWith(LOOP_MAJOR)) return []
    const folder = numberedBlockFolder(device)
    const file = loopFile(folder)
    return file === null ? [] : [{ file, target, direct: isLoopDirect(folder) === true }]
  })
}

/** Writes back what mounted image files of a folder hold: the file system that they lie on knows nothing of it. */
export function syncInner(syscalls: Syscalls, directory: string): void {
  for (const { file, target } of readLoopMounts()) {
    if (dirname(file) !== directory) continue
    const fd = openSync(target, 'r')
    syscalls.syncfs(fd)
    closeSync(fd)
  }
}
