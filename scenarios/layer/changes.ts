/**
 * What a container does to its tree before it becomes a layer: all kinds of change that a layer can hold. Each is made by its
 * system calls, and made to what the tree must show afterwards.
 */
import {
  chmodSync,
  chownSync,
  closeSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { createHash } from 'node:crypto'
import type { Syscalls } from '../../harness/contracts/syscalls.ts'
import { errnoOf } from '../../harness/contracts/syscalls.ts'
import { withoutTime, type EntryState, type TreeState } from '../common/tree-state.ts'
import { OPAQUE, OPAQUE_FILES, TURNED, TURNED_FILE, pathOf } from './places.ts'

/** Bytes before the data of a sparse file. */
const HOLE = 60 * 1024
const ATTRIBUTE = 'user.bench'
/** No text: a zero and bytes that are no UTF-8. */
const VALUE = Buffer.of(0, 1, 0xff, 0xfe, 0x62)
const OTHER = 1000
const SET_USER_ID = 0o4755

// linux/stat.h
const S_IFCHR = 0o020000
const S_IFIFO = 0o010000
/** makedev(1, 3): the null device. */
const NULL_DEVICE = 0x103

/** Kinds of change, in turn over the files of the image. */
export const KINDS = ['rewrite', 'delete', 'rename', 'mode', 'link', 'create', 'attribute', 'sparse'] as const
export type Kind = (typeof KINDS)[number]

export interface ChangePlan {
  files: number
  /** New content of a file; as long as the file. */
  content: Buffer
}

export function kindOf(index: number): Kind {
  return KINDS[index % KINDS.length] as Kind
}

/** Makes all changes in the tree at `root`. Returns whether the tree takes extended attributes. */
export function changeTree(
  calls: Pick<Syscalls, 'lsetxattr' | 'mknod'>,
  root: string,
  { files, content }: ChangePlan,
): { attributes: boolean } {
  let attributes = true
  for (let index = 0; index < files; index += 1) {
    const path = `${root}/${pathOf(index)}`
    const kind = kindOf(index)
    if (kind === 'rewrite') rewrite(path, content)
    else if (kind === 'delete') unlinkSync(path)
    else if (kind === 'rename') renameSync(path, `${path}.renamed`)
    else if (kind === 'mode') {
      // Its owner first: chown(2) clears the set-user-ID bit.
      chownSync(path, OTHER, OTHER)
      chmodSync(path, SET_USER_ID)
    } else if (kind === 'link') linkSync(path, `${path}.link`)
    else if (kind === 'create') writeFileSync(`${path}.new`, content, { mode: 0o600, flag: 'wx' })
    else if (kind === 'attribute') attributes = setAttribute(calls, path) && attributes
    else writeSparse(`${path}.sparse`, content)
  }
  changeOnce(calls, root)
  return { attributes }
}

/** What there is one of: directories that hide what was there, a device, a FIFO, a link. */
function changeOnce(calls: Pick<Syscalls, 'mknod'>, root: string): void {
  for (const path of OPAQUE_FILES) unlinkSync(`${root}/${path}`)
  rmdirSync(`${root}/${OPAQUE}`)
  mkdirSync(`${root}/${OPAQUE}`, 0o755)
  writeFileSync(`${root}/${OPAQUE}/new`, 'new', { mode: 0o644 })
  unlinkSync(`${root}/${TURNED_FILE}`)
  rmdirSync(`${root}/${TURNED}`)
  writeFileSync(`${root}/${TURNED}`, 'turned', { mode: 0o644 })
  calls.mknod(`${root}/${DEVICE}`, S_IFCHR | 0o666, NULL_DEVICE)
  chmodSync(`${root}/${DEVICE}`, 0o666)
  calls.mknod(`${root}/${FIFO}`, S_IFIFO | 0o644, 0)
  symlinkSync('many', `${root}/${LINK}`)
}

const DEVICE = `${OPAQUE}/device`
const FIFO = `${OPAQUE}/fifo`
const LINK = `${OPAQUE}/link`

function rewrite(path: string, content: Buffer): void {
  const fd = openSync(path, 'r+')
  writeSync(fd, content, 0, content.length, 0)
  closeSync(fd)
}

function writeSparse(path: string, content: Buffer): void {
  const fd = openSync(path, 'wx', 0o644)
  ftruncateSync(fd, HOLE + content.length)
  writeSync(fd, content, 0, content.length, HOLE)
  closeSync(fd)
}

/** Returns false where the tree takes none. */
function setAttribute(calls: Pick<Syscalls, 'lsetxattr'>, path: string): boolean {
  try {
    calls.lsetxattr(path, ATTRIBUTE, VALUE)
    return true
  } catch (error) {
    if (errnoOf(error) === 'ENOTSUP') return false
    throw error
  }
}

/** Returns what the tree must show after the changes; of times only those that nothing has touched. */
export function expectedAfter(
  before: TreeState,
  { files, content }: ChangePlan,
  attributes: boolean,
): Map<string, EntryState> {
  const tree = new Map(before)
  for (let index = 0; index < files; index += 1)
    changeExpected(tree, pathOf(index), kindOf(index), content, attributes)
  changeExpectedOnce(tree)
  // The time of a directory says when something in it came or went.
  for (const [path, state] of tree) if (state['type'] === 'directory') tree.set(path, withoutTime(state))
  return tree
}

function changeExpected(
  tree: Map<string, EntryState>,
  path: string,
  kind: Kind,
  content: Buffer,
  attributes: boolean,
): void {
  // A copy-up may keep whole seconds only (unionfs-fuse), so no time is expected of what was touched.
  const was = withoutTime(tree.get(path) ?? {})
  const digest = digestOf(content)
  const put = (name: string, state: EntryState) => void tree.set(name, state)
  if (kind === 'rewrite') put(path, { ...was, content: digest })
  else if (kind === 'delete') tree.delete(path)
  else if (kind === 'rename') {
    tree.delete(path)
    put(`${path}.renamed`, { ...was, 'same file as': `${path}.renamed` })
  } else if (kind === 'mode') put(path, { ...was, mode: SET_USER_ID.toString(8), owner: `${OTHER}:${OTHER}` })
  else if (kind === 'link') {
    put(path, was)
    put(`${path}.link`, was)
  } else if (kind === 'create') put(`${path}.new`, file(`${path}.new`, 0o600, content))
  else if (kind === 'attribute') {
    put(path, attributes ? { ...was, [ATTRIBUTE]: VALUE.toString('hex') } : was)
  } else {
    const whole = Buffer.concat([Buffer.alloc(HOLE), content])
    put(`${path}.sparse`, file(`${path}.sparse`, 0o644, whole))
  }
}

function changeExpectedOnce(tree: Map<string, EntryState>): void {
  for (const path of [...OPAQUE_FILES, TURNED_FILE]) tree.delete(path)
  const node = (type: string, mode: number) => ({
    ...withoutTime({}),
    type,
    mode: mode.toString(8),
    owner: OWNER,
  })
  tree.set(`${OPAQUE}/new`, file(`${OPAQUE}/new`, 0o644, Buffer.from('new')))
  tree.set(TURNED, file(TURNED, 0o644, Buffer.from('turned')))
  tree.set(DEVICE, { ...node('character', 0o666), device: String(NULL_DEVICE) })
  tree.set(FIFO, node('fifo', 0o644))
  tree.set(LINK, { ...node('symlink', 0o777), target: 'many' })
}

const OWNER = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`

function file(path: string, mode: number, content: Buffer): EntryState {
  return {
    ...withoutTime({}),
    type: 'file',
    mode: mode.toString(8),
    owner: OWNER,
    size: String(content.length),
    content: digestOf(content),
    'same file as': path,
  }
}

function digestOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
