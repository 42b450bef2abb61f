/** How the upper directory of a union hides what the layers below it hold: the marks that unions leave in it. */
import { lstatSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { HiddenBy } from '../../harness/contracts/snapshotter.ts'
import { errnoOf, type Syscalls } from '../../harness/contracts/syscalls.ts'

/** overlayfs.rst, "whiteouts and opaque directories"; fuse-overlayfs has a name of its own where it may not use trusted ones. */
const OPAQUE_ATTRIBUTES = [
  'trusted.overlay.opaque',
  'user.overlay.opaque',
  'user.fuseoverlayfs.opaque',
] as const
/** aufs and the OCI image specification: `.wh.NAME` hides a name, `.wh..wh..opq` what lies below a directory. */
const WHITEOUT_PREFIX = '.wh.'
const OPAQUE_FILE = '.wh..wh..opq'
/** unionfs-fuse: `.unionfs-fuse/PATH_HIDDEN~`; until 1.0 the folder had the shorter name. */
const HIDDEN_FOLDERS = ['.unionfs-fuse', '.unionfs'] as const
const HIDDEN_SUFFIX = '_HIDDEN~'

/** Returns what hides a path, itself or one of the directories above it; null: nothing does. `upper`: the directory of the layer. */
export function hiddenBy(
  syscalls: Pick<Syscalls, 'lgetxattr'>,
  upper: string,
  path: string,
): HiddenBy | null {
  const parts = path.split('/')
  for (let length = 1; length <= parts.length; length += 1) {
    const part = parts.slice(0, length).join('/')
    if (isWhitedOut(upper, part)) return 'whiteout'
    if (length < parts.length && isOpaque(syscalls, join(upper, part))) return 'opaque'
  }
  return null
}

function isWhitedOut(upper: string, path: string): boolean {
  const stat = look(join(upper, path))
  if (stat !== undefined && stat.isCharacterDevice() && stat.rdev === 0) return true
  const marks = [
    join(upper, dirname(path), `${WHITEOUT_PREFIX}${basename(path)}`),
    ...HIDDEN_FOLDERS.map((folder) => join(upper, folder, `${path}${HIDDEN_SUFFIX}`)),
  ]
  return marks.some((mark) => look(mark) !== undefined)
}

function isOpaque(syscalls: Pick<Syscalls, 'lgetxattr'>, directory: string): boolean {
  if (look(directory)?.isDirectory() !== true) return false
  if (look(join(directory, OPAQUE_FILE)) !== undefined) return true
  return OPAQUE_ATTRIBUTES.some((name) => syscalls.lgetxattr(directory, name)?.toString() === 'y')
}

function look(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    // What lies above is no directory.
    if (errnoOf(error) === 'ENOTDIR') return undefined
    throw error
  }
}
