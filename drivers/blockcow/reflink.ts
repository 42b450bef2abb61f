/**
 * `mode=reflink`: a child is a clone of its parent's file on xfs. The first write to a block that both share goes to
 * a new place (fs/xfs/xfs_reflink.c); the clone itself copies extent records only.
 */
import { closeSync, openSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Syscalls } from '../../harness/contracts/syscalls.ts'
import { imageBytes } from '../common/loop/image-bytes.ts'
import type { Images } from './images.ts'

// linux/fs.h
const FICLONE = 0x40049409

/** Creates images in `directory` on xfs, which holds the base image under the name `base`. */
export function createReflinkImages(syscalls: Syscalls, directory: string, base: string): Images {
  const file = (id: string) => join(directory, id)

  return {
    file,
    async create(id, parent) {
      cloneFile(syscalls, file(parent ?? base), file(id))
    },
    // Its file is never given out again: children are clones, and so are views.
    async seal() {},
    async remove(id) {
      unlinkSync(file(id))
    },
    bytes: (id, parent, parts) => imageBytes(syscalls, file(id), file(parent ?? base), parts),
    async [Symbol.asyncDispose]() {},
  }
}

/** Makes `to` a file that shares all extents of `from`: ioctl_ficlone(2). */
export function cloneFile(syscalls: Syscalls, from: string, to: string): void {
  const source = openSync(from, 'r')
  const target = openSync(to, 'wx')
  try {
    syscalls.ioctlInt(target, FICLONE, source)
  } catch (error) {
    unlinkSync(to)
    throw error
  } finally {
    closeSync(source)
    closeSync(target)
  }
}
