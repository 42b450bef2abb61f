/** Parameters of the scenario; those that an operation does not read are set to one value, so that its cells merge. */
import { z } from 'zod'
import type { Image, OwnImage } from '../../harness/contracts/image.ts'
import type { Footprint, ParamGrid } from '../../harness/contracts/scenario.ts'
import type { ProfileName } from '../../harness/contracts/options.ts'
import { choiceOption, formatSize, integerOption, sizeOption } from '../../harness/contracts/units.ts'
import { bigFileImage } from '../common/big-file-image.ts'
import { limitOptions, limitWords } from '../common/container/limits.ts'
import { compressibilityOption, imageLabel, imageOption, layersOption, sizeLabel } from '../common/options.ts'
import { volumeLabel, volumeOption } from '../common/volume.ts'
import { BLOCK } from '../dataset/content.ts'
import { createImage, FILE_SPACE } from '../dataset/image.ts'
import { WINDOW } from './steady-state.ts'

export const operations = ['append-many', 'create-many', 'random-write', 'sustained-write'] as const
export type Operation = (typeof operations)[number]

/** Bytes of each of the many files. */
export const SMALL_FILE = 512
/** A directory of the lowest layer that new files are made in. */
export const NEW_DIRECTORY = 'var/lib/bench/new'
const FILES_A_DIRECTORY = 100
/** The rest of the image is never read. */
const USUAL_IMAGE = 'tiny'
/** Files of the image at most; as many are copied or made by a container. */
const MOST_FILES = 1_000_000
const SMALLEST_RANDOM = 1024 ** 2
const SECONDS_A_FILE = 200e-6
const SECONDS_A_SYNC = 400e-6
const SECONDS_A_WRITE = 50e-6
/** Ten of them, and fio is taken for one that hangs if it goes on for longer. */
const LONGEST_INTERVAL = 50

const DEFAULT = { files: 2000, procs: '1', size: '256M', writes: 500, sync: 'fsync', interval: 1 } as const

const all = z.strictObject({
  op: choiceOption(operations, 'append-many', 'what is written'),
  files: integerOption(DEFAULT.files, 1, MOST_FILES, 'append-many, create-many: how many files of 512 B'),
  procs: choiceOption(['1', '4', '16'], DEFAULT.procs, 'append-many: processes that append at once'),
  size: sizeOption(DEFAULT.size, 'random-write, sustained-write: size of the file').refine(
    (bytes) => bytes >= SMALLEST_RANDOM,
    {
      error: `is below ${formatSize(SMALLEST_RANDOM)}`,
    },
  ),
  writes: integerOption(
    DEFAULT.writes,
    1,
    10_000_000,
    'random-write: writes of 4 KiB in each of the two passes',
  ),
  sync: choiceOption(
    ['fsync', 'buffered'],
    DEFAULT.sync,
    'random-write: fsync after each write, or one at the end of the pass',
  ),
  interval: integerOption(
    DEFAULT.interval,
    1,
    LONGEST_INTERVAL,
    'sustained-write: seconds of each of the five reported rates; the load first runs for as long as all five',
  ),
  volume: volumeOption(),
  ...limitOptions(),
  layers: layersOption(),
  compressibility: compressibilityOption(),
  image: imageOption(USUAL_IMAGE),
})

export type SmallwritesParams = z.output<typeof all>

/** Parameters that only this operation reads. A sustained load writes a file that is the container's own already. */
const READS: Readonly<Record<Operation, readonly (keyof SmallwritesParams)[]>> = {
  'append-many': ['files', 'procs', 'volume'],
  'create-many': ['files', 'volume'],
  'random-write': ['size', 'writes', 'sync', 'volume', 'memory', 'cpus', 'iops'],
  'sustained-write': ['size', 'interval'],
}

const defaults = all.parse({})

export const params = all
  .overwrite((given) => {
    const reads = READS[given.op]
    const { op: _, layers: __, compressibility: ___, image: ____, ...own } = defaults
    const unread = Object.entries(own).filter(([name]) => !reads.some((read) => read === name))
    return { ...given, ...Object.fromEntries(unread) }
  })
  .refine(({ size, writes, op }) => op !== 'random-write' || writes * BLOCK <= size, {
    error: 'are more 4 KiB blocks than the file has',
    path: ['writes'],
  })

export const profiles: Readonly<Record<ProfileName, readonly ParamGrid[]>> = {
  // A sustained rate takes seconds to show: too long for a quick look.
  quick: [{ op: ['append-many', 'create-many', 'random-write'], writes: ['200'] }],
  standard: [
    { op: ['append-many'], files: ['5000'], procs: ['1', '16'] },
    { op: ['create-many'], files: ['5000'] },
    { op: ['random-write'], writes: ['2000'], sync: ['fsync', 'buffered'] },
    { op: ['sustained-write'] },
  ],
  thorough: [
    { op: ['append-many'], files: ['2000', '10000', '50000'], procs: ['1', '4', '16'] },
    { op: ['create-many'], files: ['2000', '10000', '50000'] },
    { op: ['random-write'], writes: ['10000', '50000'], sync: ['fsync', 'buffered'] },
    { op: ['sustained-write'], interval: ['3'] },
  ],
}

/** `append-many, 2,000 files`, `random-write, 256 MiB, first 500 writes, buffered`. */
export function label(given: SmallwritesParams): string {
  const around = [...volumeLabel(given), ...limitWords(given), ...imageLabel(given, USUAL_IMAGE)]
  return [given.op, ...workLabel(given), ...around].join(', ')
}

/** `Appending one byte to each of 2,000 files`. */
export function subject(given: SmallwritesParams): string {
  const doing = doingOf(given)
  // The rest of the image is not part of the sentence; the label names it.
  const unusual = [...limitWords(given), ...imageLabel({ ...given, image: USUAL_IMAGE }, USUAL_IMAGE)]
  return unusual.length === 0 ? doing : `${doing} (${unusual.join(', ')})`
}

function doingOf({ op, files, procs, size, writes, sync, ...given }: SmallwritesParams): string {
  const [count, file] = [`${files.toLocaleString('en-US')} files`, `a ${sizeLabel(size)} file`].map((what) =>
    [what, ...volumeLabel(given)].join(' '),
  )
  if (op === 'append-many') {
    return `Appending one byte to each of ${count}${procs === '1' ? '' : ` from ${procs} processes`}`
  }
  if (op === 'create-many') return `Creating ${count}`
  if (op === 'sustained-write') return `Sustained random 4 KiB writes with fsync to ${file}`
  const first = `the first ${writes.toLocaleString('en-US')} random 4 KiB writes`
  return `Opening ${file} and ${first} to it, ${sync === 'fsync' ? 'each with fsync' : 'buffered'}`
}

function workLabel({ op, files, procs, size, writes, sync, interval }: SmallwritesParams): string[] {
  if (op === 'sustained-write') {
    return interval === DEFAULT.interval ? [sizeLabel(size)] : [sizeLabel(size), `5 × ${interval} s`]
  }
  if (op === 'random-write') {
    const count = `first ${writes.toLocaleString('en-US')} writes`
    return [sizeLabel(size), count, ...(sync === 'fsync' ? [] : ['buffered'])]
  }
  const count = `${files.toLocaleString('en-US')} files`
  return procs === '1' ? [count] : [count, `${procs} processes`]
}

/** Returns the paths of the many files of the image, a hundred per directory. */
export function smallPaths(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const directory = String(Math.floor(index / FILES_A_DIRECTORY)).padStart(4, '0')
    return `var/lib/bench/many/${directory}/f${String(index).padStart(6, '0')}`
  })
}

/** append-many and create-many share one image, so that it is built once. */
export function image(given: SmallwritesParams, seed: number, own?: OwnImage | null): Image {
  const { op, files, size, layers, compressibility, image: profile } = given
  const common = { seed, profile, own, layers, compressibility }
  if (onLargeFile(op)) return bigFileImage({ ...common, size })
  return createImage({
    ...common,
    name: `smallfiles-${files}-${layers}`,
    files: smallPaths(files).map((path) => ({ path, size: SMALL_FILE })),
    directories: [NEW_DIRECTORY],
  })
}

/**
 * Returns the space of a container: a new or copied file takes an inode of its own, a changed one a block. A large file is
 * written all over by a sustained load; a pass writes its blocks at most.
 */
export function footprint(given: SmallwritesParams): Footprint {
  const { op, files, size, writes } = given
  const changed = onLargeFile(op) ? size : files * FILE_SPACE
  const blocks = op === 'random-write' ? writes : op === 'append-many' ? files : null
  const written = blocks === null ? changed : blocks * BLOCK
  const copied = given.volume === 'on' ? { changed: 0, written: changed + written } : { changed, written }
  return { ...copied, containers: 1, seconds: secondsOf(given) }
}

/** For the estimate of time: files with their check, fsyncs of a modest disk, intervals with as many before them. */
function secondsOf({ op, files, writes, sync, interval }: SmallwritesParams): number {
  if (op === 'sustained-write') return 2 * WINDOW * interval
  if (op === 'random-write') return 2 * writes * (sync === 'fsync' ? SECONDS_A_SYNC : SECONDS_A_WRITE)
  return files * SECONDS_A_FILE
}

function onLargeFile(op: Operation): boolean {
  return op === 'random-write' || op === 'sustained-write'
}
