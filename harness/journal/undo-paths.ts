/** Undoes mounts, files and folders. */
import { UmountFlag, type Syscalls } from '../contracts/syscalls.ts'
import { abortFuseConnection, isFuse } from '../linux/fuse.ts'
import { readMounts, type MountRow } from '../linux/mountinfo.ts'
import { removeOwn } from './remove.ts'

/** Unmounts what is mounted at or below a path. Throws while something still is. */
export function unmountBelow(syscalls: Syscalls, path: string): string | null {
  const mounts = mountsBelow(path)
  for (const { target, type, device } of mounts) {
    // Its daemon may hang, and so would every process that waits for it.
    if (isFuse(type)) abortFuseConnection(Number(device.split(':')[1]))
    syscalls.umount(target, UmountFlag.detach)
  }
  requireNoMount(path)
  return mounts.length === 0 ? null : `unmounted ${mounts.length} below ${path}`
}

/** Removes a file or a folder. Never deletes through a mount, and unmounts only what can be the run's. */
export function removePath(syscalls: Syscalls, path: string, mayUnmount: boolean): string | null {
  if (mayUnmount) unmountBelow(syscalls, path)
  requireNoMount(path)
  return removeOwn(path) ? `removed ${path}` : null
}

function requireNoMount(path: string): void {
  const [left] = mountsBelow(path)
  if (left !== undefined) throw new Error(`${left.target} is still mounted`)
}

/** Returns the mounts at and below a path, the last mounted first. */
function mountsBelow(path: string): MountRow[] {
  return readMounts()
    .filter(({ target }) => target === path || target.startsWith(`${path}/`))
    .toReversed()
}
