/** Parameters of the scenario, and the image that follows from them. */
import { z } from 'zod'
import type { Image, OwnImage } from '../../harness/contracts/image.ts'
import type { Footprint, ParamGrid } from '../../harness/contracts/scenario.ts'
import type { ProfileName } from '../../harness/contracts/options.ts'
import { choiceOption, formatSize, integerOption, parseSize } from '../../harness/contracts/units.ts'
import { DEFAULT_RATIO, OWN_IMAGE, sizeLabel } from '../common/options.ts'
import { BLOCK } from '../dataset/content.ts'
import {
  createImage,
  FILE_SPACE,
  manyContents,
  spaceOfFile,
  spaceOfMany,
  type SizedManyFiles,
} from '../dataset/image.ts'
import { SPARSE_SIZE, type Contents, type FileSize } from '../dataset/many-files/contents.ts'

/** What is done to the tree. */
export const operations = [
  'chown',
  'chmod',
  'utimes',
  'mkdir',
  'rename-file',
  'rename-directory',
  'unlink',
  'remove-tree',
  'recreate',
  'hardlink',
  'xattr',
  'walk',
  'read-all',
  'copy',
] as const
export type OperationId = (typeof operations)[number]

/** Directory that holds all of the scenario's files, relative to the root: it is compared with the model. */
export const PARENT = 'var/lib/bench'
/** Directory of the tree. */
export const HOME = `${PARENT}/tree`
/** Directory that `copy` makes. */
export const COPY = `${PARENT}/copy`
/** Returns a path as the model has it, whose root is {@link PARENT}. */
export function inParent(path: string): string {
  return path.slice(PARENT.length + 1)
}

/** A file beside the tree, which nothing changes: how a driver keeps a container's files shows on it. */
export const BESIDE = { path: `${PARENT}/beside`, size: 4 * BLOCK } as const

const MOST_FILES = 1_000_000
const MOST_DIRECTORIES = 100_000
/** Bytes. Larger files are the matter of bigfile. */
const LARGEST = 64 * 1024 ** 2
/** Every check reads a sparse file whole, holes included. */
const MOST_SPARSE = 100_000

const DEFAULT_SIZE = '10K'

/** `0`, `512`, `10K`, `sparse`. */
function fileSizeOption() {
  const valid = (text: string) => text === 'sparse' || (parseSize(text) ?? Infinity) <= LARGEST
  return z
    .codec(
      z
        .string()
        .refine(valid, { error: `is neither a size up to ${formatSize(LARGEST)} (0, 512, 10K) nor sparse` }),
      z.custom<FileSize>((value) => value === 'sparse' || typeof value === 'number'),
      {
        decode: (text): FileSize => (text === 'sparse' ? text : (parseSize(text) ?? 0)),
        encode: (size) => (size === 'sparse' ? size : formatSize(size)),
      },
    )
    .prefault(DEFAULT_SIZE)
    .describe(
      `bytes of each file; sparse: ${formatSize(SPARSE_SIZE)}, a hole with one block of data at its end; image=own: their mean`,
    )
}

export const params = z
  .strictObject({
    op: choiceOption(operations, 'chown', 'what is done to the tree'),
    files: integerOption(2000, 1, MOST_FILES, 'files of the tree'),
    directories: integerOption(
      100,
      1,
      MOST_DIRECTORIES,
      'directories of the tree, with equal shares of its files',
    ),
    size: fileSizeOption(),
    image: choiceOption(
      ['none', 'own'],
      'none',
      'whose tree it is: one that is made up, in an image with nothing else, or all of --image (own)',
    ),
  })
  .refine(({ files, size }) => size !== 'sparse' || files <= MOST_SPARSE, {
    error: `are more than ${MOST_SPARSE}, the most of size=sparse`,
    path: ['files'],
  })

export type TreeParams = z.output<typeof params>

const all = [...operations]

export const profiles: Readonly<Record<ProfileName, readonly ParamGrid[]>> = {
  quick: [{ op: ['chown', 'rename-directory'], files: ['200'], directories: ['20'] }],
  standard: [
    { op: ['chown', 'rename-directory', 'unlink', 'recreate', 'copy', 'walk', 'read-all'], files: ['2000'] },
  ],
  thorough: [
    { op: all, files: ['5000'], size: ['0', '512', '10K', 'sparse'] },
    { op: all, files: ['50000'], directories: ['1000'] },
  ],
}

/** `chown, 2,000 files of 10 KiB in 100 directories`, `chown, all 9,120 files in 1,204 directories, your image`. */
export function label(given: TreeParams): string {
  const { op, image: whose, directories } = given
  const beside = whose === 'own' ? `, ${OWN_IMAGE}` : ''
  const files = whose === 'own' ? `all ${count(given.files, 'file', 'files')}` : filesLabel(given)
  return `${op}, ${files} in ${count(directories, 'directory', 'directories')}${beside}`
}

const DOING: Readonly<Record<OperationId, string>> = {
  chown: 'Changing the owner of',
  chmod: 'Changing the permissions of',
  utimes: 'Changing the times of',
  mkdir: 'Making a directory beside each of',
  'rename-file': 'Renaming each of',
  'rename-directory': 'Renaming the directories of',
  unlink: 'Deleting each of',
  'remove-tree': 'Removing the directories of',
  recreate: 'Removing and making again',
  hardlink: 'Making a hard link to each of',
  xattr: 'Setting an extended attribute of each of',
  walk: 'Walking through',
  'read-all': 'Reading',
  copy: 'Copying',
}

/** `Changing the owner of 2,000 files of 10 KiB`. */
export function subject(given: TreeParams): string {
  return `${DOING[given.op]} ${filesLabel(given)}${given.image === 'own' ? ` (${OWN_IMAGE})` : ''}`
}

function filesLabel({ files, size, image: whose }: TreeParams): string {
  if (whose === 'own') return `the ${count(files, 'file', 'files')}`
  if (size === 'sparse') return count(files, 'sparse file', 'sparse files')
  if (size === 0) return count(files, 'empty file', 'empty files')
  return `${count(files, 'file', 'files')} of ${sizeLabel(size)}`
}

function count(number: number, one: string, many: string): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`
}

/** Returns the tree of these parameters. */
export function treeOf({ files, directories, size }: TreeParams): SizedManyFiles {
  return { home: HOME, files, directories, size }
}

/** Returns what the files of the image hold. */
export function contentsOf(given: TreeParams, seed: number): Contents {
  return manyContents({ seed, compressibility: DEFAULT_RATIO }, treeOf(given))
}

/** Returns the image: all operations on a tree share it. Nothing lies beside a made-up tree but the base system. */
export function image(given: TreeParams, seed: number, own?: OwnImage | null): Image {
  const common = { seed, layers: 1, compressibility: DEFAULT_RATIO }
  if (given.image === 'own') return createImage({ ...common, name: 'tree', profile: 'own', own })
  const size = given.size === 'sparse' ? given.size : formatSize(given.size)
  return createImage({
    ...common,
    name: `tree-${given.files}-${given.directories}-${size}`,
    profile: null,
    files: [BESIDE],
    manyFiles: treeOf(given),
  })
}

/** For the estimate of time: a file that is changed on a modest disk, and every file looked at in the container and the image. */
export const SECONDS_A_CHANGE = 200e-6
export const SECONDS_A_LOOK = 50e-6

/** Tells whether an operation only reads. */
export function isRead(op: OperationId): boolean {
  return op === 'walk' || op === 'read-all'
}

/** Operations that give each file new bytes or an inode of its own. */
const MAKES_FILES: readonly OperationId[] = ['mkdir', 'recreate', 'copy', 'rename-directory']

/**
 * Returns the space that a container takes: an inode and the bytes of each file where a driver copies whole files; of any other
 * driver a block for each file whose inode or name changes. A rename of a directory may be a copy.
 */
export function footprint(given: TreeParams): Footprint {
  const { op, files, directories, size } = given
  const looks = 2 * (files + 2 * directories) * SECONDS_A_LOOK
  if (isRead(op)) return { changed: BESIDE.size, written: BESIDE.size, containers: 1, seconds: looks }
  const made = spaceOfMany(treeOf(given))
  const changed = op === 'mkdir' || op === 'unlink' ? (files + 2 * directories) * FILE_SPACE : made
  const written = MAKES_FILES.includes(op)
    ? Math.max(changed, files * spaceOfFile(size))
    : 2 * (files + directories) * BLOCK
  return { changed, written, containers: 1, seconds: looks + files * SECONDS_A_CHANGE }
}
