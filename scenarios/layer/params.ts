/** Parameters of the scenario; those that an operation does not read are set to one value, so that its cells merge. */
import { z } from 'zod'
import type { Image, OwnImage } from '../../harness/contracts/image.ts'
import type { Footprint, ParamGrid } from '../../harness/contracts/scenario.ts'
import type { ProfileName } from '../../harness/contracts/options.ts'
import { choiceOption, formatSize, integerOption, sizeOption } from '../../harness/contracts/units.ts'
import { DEFAULT_RATIO, imageOption, imageWords, sizeLabel } from '../common/options.ts'
import { BLOCK } from '../dataset/content.ts'
import { createImage, FILE_SPACE } from '../dataset/image.ts'
import { changedFiles, lowestFiles, STATE_SIZE } from './places.ts'

export const operations = ['branch', 'build', 'commit', 'delete', 'diff', 'apply', 'usage'] as const
export type Operation = (typeof operations)[number]

/** The deepest stack that overlay takes has 500 layers (fs/overlayfs/params.h, OVL_MAX_STACK), the image's among them. */
const DEEPEST = 500
const MOST_FILES = 100_000
const MOST_SIBLINGS = 100
const LARGEST_FILE = 1024 ** 3

const DEFAULT = { depth: 16, siblings: 4, steps: 16, files: 64, size: '16K', image: 'tiny' } as const

/** Seconds that a container layer takes to come and go, with a daemon or a copy of the tiny image. */
const SECONDS_A_LAYER = 0.03

/** Files that every layer with changes has, however many it changes. */
const FEW_FILES = 16

const all = z.strictObject({
  op: choiceOption(operations, 'branch', 'what is done with layers'),
  depth: integerOption(DEFAULT.depth, 1, DEEPEST, 'branch: forks, each of the one before'),
  siblings: integerOption(
    DEFAULT.siblings,
    1,
    MOST_SIBLINGS,
    'branch: containers beside each other on the deepest layer',
  ),
  steps: integerOption(DEFAULT.steps, 1, DEEPEST, 'build: steps, each a layer'),
  files: integerOption(
    DEFAULT.files,
    1,
    MOST_FILES,
    'build: files that a step makes; commit, delete, diff, apply, usage: files that are changed',
  ),
  size: sizeOption(DEFAULT.size, 'build, commit, delete, diff, apply, usage: bytes of each').refine(
    (bytes) => bytes <= LARGEST_FILE,
    {
      error: 'is above 1G',
    },
  ),
  image: imageOption(DEFAULT.image),
})

export type LayerParams = z.output<typeof all>

/** Parameters that only this operation reads. */
const READS: Readonly<Record<Operation, readonly (keyof LayerParams)[]>> = {
  branch: ['depth', 'siblings'],
  build: ['steps', 'files', 'size'],
  commit: ['files', 'size'],
  delete: ['files', 'size'],
  diff: ['files', 'size'],
  apply: ['files', 'size'],
  usage: ['files', 'size'],
}

const defaults = all.parse({})

export const params = all.overwrite((given) => {
  const { depth, siblings, steps, files, size } = defaults
  const unread = Object.entries({ depth, siblings, steps, files, size }).filter(
    ([name]) => !READS[given.op].some((read) => read === name),
  )
  return { ...given, ...Object.fromEntries(unread) }
})

export const profiles: Readonly<Record<ProfileName, readonly ParamGrid[]>> = {
  quick: [{ op: ['branch'], depth: ['8'] }, { op: ['commit'] }],
  standard: [
    { op: ['branch'], depth: ['8', '128'] },
    { op: ['build'], steps: ['60'], files: ['16'], size: ['4K'] },
    { op: ['commit', 'delete', 'diff', 'apply'], files: ['1000'] },
    { op: ['usage'], files: ['256'], size: ['64K'] },
  ],
  thorough: [
    { op: ['branch'], depth: ['8', '64', '128', '500'] },
    { op: ['branch'], image: ['tiny', 'small'] },
    { op: ['build'], steps: ['8', '60', '120'], files: ['16'], size: ['4K'] },
    { op: ['commit', 'delete', 'diff', 'apply'], files: ['64', '1000', '4000'] },
    { op: ['usage'], files: ['256', '2000'], size: ['64K'] },
  ],
}

/** `branch, 16 deep`, `build, 60 steps of 16 files, 64 KiB each, small image`. */
export function label(given: LayerParams): string {
  const beneath = given.image === DEFAULT.image ? [] : [imageWords(given.image)]
  return [given.op, ...workLabel(given), ...beneath].join(', ')
}

function workLabel({ op, depth, siblings, steps, files, size }: LayerParams): string[] {
  if (op === 'branch')
    return [`${depth} deep`, ...(siblings === DEFAULT.siblings ? [] : [`${siblings} siblings`])]
  const each = size === defaults.size ? [] : [`${sizeLabel(size)} each`]
  return [
    op === 'build' ? `${count(steps, 'step')} of ${count(files, 'file')}` : count(files, 'file'),
    ...each,
  ]
}

/** `Forking a container, 16 deep`. */
export function subject(given: LayerParams): string {
  const beneath = given.image === DEFAULT.image ? '' : ` (${imageWords(given.image)})`
  return `${DOING[given.op]}${workLabel(given).join(', ')}${beneath}`
}

const DOING: Readonly<Record<Operation, string>> = {
  branch: 'Forking a container, ',
  build: 'Building an image in ',
  commit: 'Committing a container that changed ',
  delete: 'Deleting a container that changed ',
  diff: 'Writing as an archive what a container changed, ',
  apply: 'Applying the archive of a layer of ',
  usage: 'Telling what a container holds that changed ',
}

function count(of: number, what: string): string {
  return `${of.toLocaleString('en-US')} ${what}${of === 1 ? '' : 's'}`
}

/** One layer, so that the trial's own are all that counts. A control has the whole of it: its forks are copies. */
export function image(
  { op, image: profile, files, size }: LayerParams,
  seed: number,
  own?: OwnImage | null,
): Image {
  const brought = changesFiles(op)
    ? { name: `layer-${profile}-${files}-${formatSize(size)}`, files: changedFiles(files, size) }
    : { name: `layer-${profile}`, files: lowestFiles }
  const spec = { ...brought, seed, profile, own, layers: 1, compressibility: DEFAULT_RATIO }
  const { touched: _, ...whole } = createImage(spec)
  return whole
}

function changesFiles(op: Operation): boolean {
  return op !== 'branch' && op !== 'build'
}

/** Returns the space of a container: files that are rewritten, and an inode for each file and directory that is made. */
export function footprint({ op, depth, siblings, steps, files, size }: LayerParams): Footprint {
  if (op === 'branch') {
    const changed = STATE_SIZE + 3 * FILE_SPACE
    // The first container, one on each layer, and a new one after the roll-back.
    const containers = depth + siblings + 2
    return { changed, written: changed, containers, seconds: containers * SECONDS_A_LAYER }
  }
  const made = files * Math.max(FILE_SPACE, Math.ceil(size / BLOCK) * BLOCK)
  if (op === 'build') {
    const changed = STATE_SIZE + 2 * FILE_SPACE + made
    // A driver that copies whole trees copies what all steps before have made: half of all, on average.
    const written = changed * Math.ceil((steps + 1) / 2)
    return { changed, written, containers: steps + 1, seconds: steps * SECONDS_A_LAYER }
  }
  // A copy of a copy-up, or of an unpacked archive, beside the first.
  const changed = made + FEW_FILES * FILE_SPACE
  return { changed, written: changed, containers: 3, seconds: 3 * SECONDS_A_LAYER }
}
