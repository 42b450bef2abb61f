/** The disks of one machine. */
import { closeSync, constants, ftruncateSync, openSync, symlinkSync } from 'node:fs'
import type { Host } from '../contracts/host.ts'
import { errnoOf } from '../contracts/syscalls.ts'
import type { VmFiles } from './folders.ts'
import type { LabImage } from './image/types.ts'

/**
 * What a machine writes to its root stays beside the image, which many share. User-mode Linux makes such a file by
 * itself, in a format of its own, and is given the files of the image by links in the machine's folder.
 */
export async function makeRoot(host: Pick<Host, 'run'>, image: LabImage, files: VmFiles): Promise<void> {
  if (image.kind === 'uml') {
    symlinkSync(image.root, files.base)
    if (image.modules !== null) symlinkSync(image.modules, files.modules)
    if (image.further !== undefined) symlinkSync(image.further, files.further)
  } else {
    await host.run('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', image.root, files.root])
  }
}

/** A raw file, sparse: a machine takes the room that it writes to. */
export function makeScratch(files: VmFiles, bytes: number): void {
  const fd = openSync(files.scratch, 'wx', 0o600)
  try {
    ftruncateSync(fd, bytes)
  } finally {
    closeSync(fd)
  }
}

/** Returns whether the file system below takes O_DIRECT: one in memory may not. */
export function takesDirectIo(file: string): boolean {
  try {
    closeSync(openSync(file, constants.O_RDWR | constants.O_DIRECT))
    return true
  } catch (error) {
    if (errnoOf(error) === 'EINVAL') return false
    throw error
  }
}
