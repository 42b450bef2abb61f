/**
 * Headers of a tar archive as engines write layers: ustar, and PAX records for what does not fit (POSIX.1-2017, pax,
 * "pax Interchange Format"). Extended attributes are records `SCHILY.xattr.NAME`, as in the image specification of the OCI.
 */
import { archiveError, decodeNumber, type Records, TAR_BLOCK } from './block.ts'
import { decodeOldSparse, type Sparse, sparseOf } from './sparse.ts'

const ATTRIBUTE = 'SCHILY.xattr.'

export type EntryType = 'file' | 'link' | 'symlink' | 'character' | 'block' | 'directory' | 'fifo'

const TYPE_FLAGS: Readonly<Record<EntryType, string>> = {
  file: '0',
  link: '1',
  symlink: '2',
  character: '3',
  block: '4',
  directory: '5',
  fifo: '6',
}

export interface TarEntry {
  /** Relative; a directory's without the slash at its end. */
  path: string
  type: EntryType
  /** Permission bits, with set-user-ID, set-group-ID and sticky. */
  mode: number
  uid: number
  gid: number
  /** Bytes of content that follow. */
  size: number
  /** Seconds since 1970, with a fraction. */
  mtime: number
  /** Target of a link. */
  target: string
  /** Numbers of a device. */
  major: number
  minor: number
  attributes: ReadonlyMap<string, Buffer>
}

/** The fields of ustar: offset and length. */
const FIELD = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  target: [157, 100],
  magic: [257, 6],
  major: [329, 8],
  minor: [337, 8],
  prefix: [345, 155],
} as const

type Field = keyof typeof FIELD

/** Returns the blocks of an entry's header: one, or three and more where it has PAX records. */
export function encodeHeader(entry: TarEntry): Buffer {
  const records = recordsOf(entry)
  const header = encodeUstar(entry, TYPE_FLAGS[entry.type])
  if (records.length === 0) return header
  const body = Buffer.concat(records)
  const extended = encodeUstar({ ...PLAIN, path: 'PaxHeaders/entry', size: body.length }, 'x')
  return Buffer.concat([extended, body, Buffer.alloc(paddingOf(body.length)), header])
}

/** An empty file, to be filled in. */
export const PLAIN: TarEntry = {
  path: '',
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: 0,
  mtime: 0,
  target: '',
  major: 0,
  minor: 0,
  attributes: new Map(),
}

/** Returns the zeros that fill up a content of this length, bytes. */
export function paddingOf(length: number): number {
  return (TAR_BLOCK - (length % TAR_BLOCK)) % TAR_BLOCK
}

function nameOf({ path, type }: TarEntry): string {
  return type === 'directory' ? `${path}/` : path
}

function recordsOf(entry: TarEntry): Buffer[] {
  const records: Buffer[] = []
  const add = (key: string, value: string | Buffer) => records.push(recordOf(key, Buffer.from(value)))
  if (!fitsText(nameOf(entry), 'name')) add('path', nameOf(entry))
  if (!fitsText(entry.target, 'target')) add('linkpath', entry.target)
  for (const name of ['size', 'uid', 'gid'] as const)
    if (!fitsNumber(entry[name], name)) add(name, String(entry[name]))
  if (!Number.isInteger(entry.mtime) || !fitsNumber(entry.mtime, 'mtime'))
    add('mtime', entry.mtime.toFixed(6))
  for (const [name, value] of entry.attributes) add(ATTRIBUTE + name, value)
  return records
}

/** Returns `LENGTH KEY=VALUE\n`, where the length counts itself. */
function recordOf(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')])
  let length = rest.length + String(rest.length).length
  if (String(length).length > String(rest.length).length) length = rest.length + String(length).length
  return Buffer.concat([Buffer.from(String(length)), rest])
}

function fitsText(text: string, field: Field): boolean {
  return Buffer.byteLength(text) <= FIELD[field][1] && /^[\x20-\x7e]*$/.test(text)
}

function fitsNumber(value: number, field: Field): boolean {
  return value >= 0 && value < 8 ** (FIELD[field][1] - 1)
}

function encodeUstar(entry: TarEntry, flag: string): Buffer {
  const block = Buffer.alloc(TAR_BLOCK)
  const text = (field: Field, value: string) => void block.write(value, FIELD[field][0], FIELD[field][1])
  const octal = (field: Field, value: number) => {
    const digits = FIELD[field][1] - 1
    // What does not fit is in a record.
    text(field, (fitsNumber(value, field) ? Math.floor(value) : 0).toString(8).padStart(digits, '0'))
  }
  text('name', nameOf(entry))
  octal('mode', entry.mode)
  octal('uid', entry.uid)
  octal('gid', entry.gid)
  octal('size', entry.size)
  octal('mtime', Math.floor(entry.mtime))
  text('type', flag)
  text('target', entry.target)
  text('magic', 'ustar')
  block.write('00', FIELD.magic[0] + FIELD.magic[1])
  octal('major', entry.major)
  octal('minor', entry.minor)
  block.write(checksumOf(block).toString(8).padStart(6, '0') + '\0 ', FIELD.checksum[0])
  return block
}

/** Returns the sum of a header's bytes, with blanks in the place of the sum itself. */
function checksumOf(block: Buffer): number {
  const [at, length] = FIELD.checksum
  let sum = length * 0x20
  for (let index = 0; index < TAR_BLOCK; index += 1)
    if (index < at || index >= at + length) sum += block[index] as number
  return sum
}

export type Decoded =
  /** `stored`: bytes of content that follow, which are fewer than the entry's size where a file is sparse. */
  | { kind: 'entry'; entry: TarEntry; stored: number; sparse: Sparse | null }
  /** A header that speaks of the next one: its content is `size` bytes. */
  | { kind: 'records' | 'global' | 'long-name' | 'long-target'; size: number }

const SPECIAL: Readonly<Record<string, 'records' | 'global' | 'long-name' | 'long-target'>> = {
  x: 'records',
  g: 'global',
  L: 'long-name',
  K: 'long-target',
}

/** Returns what a header says; the records of the headers before it outweigh its own fields. Throws `archive.*`. */
export function decodeHeader(block: Buffer, records: Records): Decoded {
  const octal = (field: Field) => decodeNumber(block, FIELD[field][0], FIELD[field][1])
  const text = (field: Field) => decodeText(block, FIELD[field][0], FIELD[field][1])
  if (octal('checksum') !== checksumOf(block)) throw archiveError('checksum', 'a header has a wrong checksum')
  const flag = text('type')
  const special = SPECIAL[flag]
  if (special !== undefined) return { kind: special, size: octal('size') }
  const type = typeOf(flag, text('name'))
  const sparse = flag === OLD_SPARSE ? decodeOldSparse(block) : sparseOf(records)
  const prefix = text('magic') === 'ustar' ? text('prefix') : ''
  const path =
    sparse?.path ??
    records.get('path')?.toString() ??
    (prefix === '' ? text('name') : `${prefix}/${text('name')}`)
  const number = (field: keyof typeof LARGEST) => within(field, numberOf(records, field) ?? octal(field))
  const stored = type === 'file' ? number('size') : 0
  return {
    kind: 'entry',
    stored,
    sparse,
    entry: {
      path,
      type,
      mode: octal('mode') & 0o7777,
      uid: number('uid'),
      gid: number('gid'),
      size: sparse === null ? stored : within('size', sparse.size),
      mtime: number('mtime'),
      target: records.get('linkpath')?.toString() ?? text('target'),
      major: octal('major'),
      minor: octal('minor'),
      attributes: attributesOf(records),
    },
  }
}

/** GNU's flag of a sparse file whose ranges are in the header. */
const OLD_SPARSE = 'S'

/** Largest values that the kernel and Node take: owners but -1, sizes that are exact, times up to the year 36812. */
const LARGEST = { size: Number.MAX_SAFE_INTEGER, uid: 2 ** 32 - 2, gid: 2 ** 32 - 2, mtime: 2 ** 40 }

function within(field: keyof typeof LARGEST, value: number): number {
  const least = field === 'mtime' ? -LARGEST.mtime : 0
  const whole = field === 'mtime' || Number.isInteger(value)
  if (value >= least && value <= LARGEST[field] && whole) return value
  throw archiveError('number', `an entry has the ${field} ${value}`)
}

/** An old archive has no flag for files, and a directory is what ends in a slash. */
function typeOf(flag: string, name: string): EntryType {
  if (flag === OLD_SPARSE) return 'file'
  if (flag === '' || flag === '7') return name.endsWith('/') ? 'directory' : 'file'
  const type = (Object.keys(TYPE_FLAGS) as EntryType[]).find((each) => TYPE_FLAGS[each] === flag)
  if (type === undefined)
    throw archiveError('type', `an entry is of the unknown type ${JSON.stringify(flag)}`)
  return type
}

function numberOf(records: Records, key: string): number | null {
  const text = records.get(key)?.toString()
  if (text === undefined) return null
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw archiveError('record', `the record ${key} is no number: ${text}`)
  return Number(text)
}

function attributesOf(records: Records): ReadonlyMap<string, Buffer> {
  const attributes = new Map<string, Buffer>()
  for (const [key, value] of records)
    if (key.startsWith(ATTRIBUTE)) attributes.set(key.slice(ATTRIBUTE.length), value)
  return attributes
}

/** Adds the records of an extended header's content to `records`. Throws `archive.record`. */
export function decodeRecords(content: Buffer, records: Map<string, Buffer>): void {
  for (let at = 0; at < content.length;) {
    const blank = content.indexOf(0x20, at)
    const equals = content.indexOf(0x3d, blank)
    const length = Number(content.toString('latin1', at, blank))
    const end = at + length
    if (blank < 0 || equals < 0 || !Number.isInteger(length) || end > content.length || equals >= end)
      throw archiveError('record', 'an extended header has a broken record')
    records.set(content.toString('utf8', blank + 1, equals), content.subarray(equals + 1, end - 1))
    at = end
  }
}

function decodeText(block: Buffer, at: number, length: number): string {
  const bytes = block.subarray(at, at + length)
  const end = bytes.indexOf(0)
  return bytes.toString('utf8', 0, end < 0 ? length : end)
}
