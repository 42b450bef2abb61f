/** Every `op=` of the scenario. */
import { chmod, chown, utimes, xattr } from './attributes.ts'
import { hardlink, mkdir, recreate, removeTrees, renameDirectory, renameFile, unlink } from './names.ts'
import type { TreeOperation } from './operation.ts'
import type { OperationId } from './params.ts'
import { copy, readAll, walk } from './reads.ts'

export const OPERATIONS: Readonly<Record<OperationId, TreeOperation>> = {
  chown,
  chmod,
  utimes,
  mkdir,
  'rename-file': renameFile,
  'rename-directory': renameDirectory,
  unlink,
  'remove-tree': removeTrees,
  recreate,
  hardlink,
  xattr,
  walk,
  'read-all': readAll,
  copy,
}
