/** Claims about layers: how they are stacked, made, deleted, and what they hide. */
import { formatCount, formatValue, joinList } from '../../format/format.ts'
import type { Look } from '../look.ts'
import { Missing, type Measured } from '../measured.ts'
import { SOURCES } from '../sources.ts'
import type { Claim, Judged } from '../types.ts'
import { answerText, bytesText, configurationOf, grownBy, mechanismText } from '../words.ts'
import { AUFS, BLOCKCOW, BTRFS, OVERLAY, REDIRECT, VFS } from './configurations.ts'

type Params = Readonly<Record<string, string>>

const STACKING = [OVERLAY, BTRFS, BLOCKCOW] as const
const ALL = [...STACKING, VFS] as const
const MANY = '64'
const FEW_LAYERS = { depth: '1' }
const MANY_LAYERS = { depth: MANY }
/** Bytes below which a store has not grown: what file systems write for themselves. */
const NEXT_TO_NOTHING = 64 * 1024

/** Returns those that were measured. Throws a `Missing` for the first where none was. */
function measuredOf(look: Look, names: readonly string[], scenario: string, params: Params): Measured[] {
  const there = names.map((name) => look.find(name, scenario, params)).filter((one) => one !== null)
  return there.length > 0 ? there : [look.cell(names[0] ?? '', scenario, params)]
}

/** True where it holds of all, only-if where of some, false where of none. */
function byEach(there: readonly Measured[], holds: (one: Measured) => boolean, text: string): Judged {
  const [yes, no] = [there.filter(holds), there.filter((one) => !holds(one))]
  if (no.length === 0) return { verdict: 'true', text }
  if (yes.length === 0) return { verdict: 'false', text }
  const condition = `the driver is ${yes.map(configurationOf).join(' or ')}, not ${joinList(no.map(configurationOf))}`
  return { verdict: 'only-if', condition, text }
}

const twoLayers: Claim = {
  id: 'overlay-has-two-layers',
  says: 'OverlayFS only works with two layers.',
  source: SOURCES.overlay,
  parts: [{ driver: [OVERLAY], scenario: 'metadata', set: MANY_LAYERS }],
  judge(look) {
    const overlay = look.cell(OVERLAY, 'metadata', MANY_LAYERS)
    const layers = overlay.image?.layers
    if (layers === undefined) throw new Missing('the run does not know how many layers its image has')
    const text = `One mount stacked ${formatCount(layers)} image layers, which overlay searches itself: it showed the tree of all of them, file by file.`
    return { verdict: layers > 2 ? 'false' : 'not-shown', text }
  },
}

const DEEP = { op: 'branch', depth: '60', siblings: '1' }

const pastFifty: Claim = {
  id: 'overlay-fails-past-50-snapshots',
  says: 'overlay fails past about 50 snapshots on top of each other.',
  source: SOURCES.yolofs,
  parts: [{ driver: [OVERLAY], scenario: 'layer', set: DEEP }],
  judge(look) {
    const overlay = look.cell(OVERLAY, 'layer', DEEP)
    const depth = overlay.value('depth')
    const text = `${formatCount(depth.least)} forks, each of the one before, were mounted and worked; with absolute paths, mount(2) would take fewer layers: all have to fit one page.`
    return { verdict: depth.least > 50 ? 'false' : 'true', text }
  },
}

const layersSlowLookups: Claim = {
  id: 'many-layers-slow-lookups',
  says: 'Images with many layers make overlay slower at finding files.',
  source: SOURCES.overlay,
  parts: [FEW_LAYERS, MANY_LAYERS].map((set) => ({ driver: [OVERLAY], scenario: 'metadata', set })),
  judge(look) {
    const [few, many] = [FEW_LAYERS, MANY_LAYERS].map((set) => look.cell(OVERLAY, 'metadata', set)) as [
      Measured,
      Measured,
    ]
    const [opens, misses] = [look.compare(many, few, 'open'), look.compare(many, few, 'lookup-miss')]
    const text = `On ${MANY} layers, beside 1, with names in the cache: to open a file is ${answerText(opens)}; to find that there is none is ${answerText(misses)}.`
    if (opens.answer === 'dearer') return { verdict: 'true', text }
    if (misses.answer === 'dearer') {
      return { verdict: 'only-if', condition: 'the name is in no layer, or not in the cache', text }
    }
    return { verdict: opens.answer === 'open' ? 'not-shown' : 'false', text }
  },
}

const SMALL = { size: '16M', touch: 'byte', volume: 'off' }

const aufsManyLayers: Claim = {
  id: 'aufs-is-slow-with-many-layers',
  says: 'The first write is slow on AUFS, the more so below many layers and for large files.',
  source: SOURCES.aufs,
  parts: ['0', '63'].map((depth) => ({ driver: [AUFS], scenario: 'bigfile', set: { ...SMALL, depth } })),
  judge(look) {
    const [low, deep] = ['0', '63'].map((depth) => look.cell(AUFS, 'bigfile', { ...SMALL, depth })) as [
      Measured,
      Measured,
    ]
    const compared = look.compare(deep, low, 'first-write')
    const text = `The first write below 63 more layers is ${answerText(compared)}.`
    const verdicts = { dearer: 'true', same: 'false', cheaper: 'false', open: 'not-shown' } as const
    return { verdict: verdicts[compared.answer], text }
  },
}

const DELETE = { op: 'delete', files: '64', size: '16K' }

const deletedTakesLayer: Claim = {
  id: 'a-deleted-container-takes-its-layer-along',
  says: "When a container is deleted, its writable layer is deleted, too; the image's layers stay as they are.",
  source: SOURCES.storageDrivers,
  parts: [{ driver: ALL, scenario: 'layer', set: DELETE }],
  judge(look) {
    const there = measuredOf(look, ALL, 'layer', DELETE)
    const told = there.map(
      (one) =>
        `${configurationOf(one)} ${bytesText(one.value('held'))}, then ${bytesText(one.value('left'))}`,
    )
    const text = `Space that a container with 64 changed files took, and that was left of it when it was deleted: ${told.join('; ')}. The image was the same, file by file.`
    return byEach(there, (one) => one.value('left').most <= NEXT_TO_NOTHING, text)
  },
}

const REMOVE = { op: 'remove-tree', files: '200', directories: '20', size: '10K' }
const REMOVED_BYTES = 200 * 10 * 1024
/** Share of the bytes of the tree that the store would have to lose to have freed it. */
const FREED = 0.5

const deletedFileLiesBelow: Claim = {
  id: 'a-deleted-file-still-lies-below',
  says: 'A file of the image that a container deletes is only hidden: it still lies in the layer below.',
  source: SOURCES.overlay,
  parts: [{ driver: ALL, scenario: 'tree', set: REMOVE }],
  judge(look) {
    const there = measuredOf(look, ALL, 'tree', REMOVE)
    const told = there.map((one) => `${configurationOf(one)} by ${signed(grownBy(one).median)}`)
    const text = `Removing a tree of ${formatValue(REMOVED_BYTES, 'bytes')} changed the space of the store, with the container: ${told.join('; ')}. The image still had every file.`
    return byEach(there, (one) => grownBy(one).least > -FREED * REMOVED_BYTES, text)
  },
}

function signed(bytes: number): string {
  return `${bytes < 0 ? '−' : '+'}${formatValue(Math.abs(bytes), 'bytes')}`
}

const USAGE = { op: 'usage', files: '64', size: '16K' }
/** A layer holds only the difference where it takes less than this share of the image. */
const DIFFERENCE = 0.5

const commitAddsDifference: Claim = {
  id: 'a-commit-adds-only-the-difference',
  says: 'A layer holds only what differs from the layer before: a commit adds no more than that.',
  source: SOURCES.storageDrivers,
  parts: [{ driver: ALL, scenario: 'layer', set: USAGE }],
  judge(look) {
    const there = measuredOf(look, ALL, 'layer', USAGE)
    const bytes = there[0]?.image?.bytes
    if (bytes === undefined) throw new Missing('the run does not know how large its image is')
    const told = there.map((one) => `${configurationOf(one)} ${bytesText(grownBy(one))}`)
    const text = `A container that changed 64 files of 16 KiB became a layer on an image of ${formatValue(bytes, 'bytes')}, by which the store grew: ${told.join('; ')}.`
    return byEach(there, (one) => grownBy(one).most < DIFFERENCE * bytes, text)
  },
}

const BUILD = { op: 'build', steps: '4', files: '16', size: '16K' }

const stepAddsLayer: Claim = {
  id: 'every-build-step-adds-a-layer',
  says: 'Each instruction of a Dockerfile that changes the file system adds a layer.',
  source: SOURCES.storageDrivers,
  parts: [{ driver: ALL, scenario: 'layer', set: BUILD }],
  judge(look) {
    const there = measuredOf(look, ALL, 'layer', BUILD)
    const layersOf = (one: Measured) =>
      one.figure('its layers', ({ witness }) => Number(witness?.details?.['layers'] ?? Number.NaN))
    const told = there.map(
      (one) =>
        `${configurationOf(one)} ${formatCount(layersOf(one).median)} layers and ${bytesText(grownBy(one))}`,
    )
    const text = `A build of 4 steps with 16 files of 16 KiB each made: ${told.join('; ')}. The first, the middle and the last layer showed what they must.`
    return byEach(there, (one) => layersOf(one).least === 4 && layersOf(one).most === 4, text)
  },
}

const RENAME = { op: 'rename-directory', files: '200', directories: '20', size: '10K' }

const renameCopies: Claim = {
  id: 'a-directory-of-the-image-cannot-be-renamed',
  says: 'rename(2) of a directory of the image fails on overlay (EXDEV), so programs have to copy it.',
  source: SOURCES.overlay,
  parts: [{ driver: [OVERLAY, REDIRECT], scenario: 'tree', set: RENAME }],
  judge(look) {
    const [plain, redirect] = [look.cell(OVERLAY, 'tree', RENAME), look.find(REDIRECT, 'tree', RENAME)]
    const isCopied = (one: Measured) => one.mechanism() === 'moved-by-copy'
    const cells = [plain, redirect].filter((one) => one !== null)
    const text = `Moving directories with 200 files: ${cells.map((one) => `${configurationOf(one)} ${mechanismText(one)}, ${bytesText(grownBy(one))} more`).join('; ')}.`
    if (!isCopied(plain)) return { verdict: plain.mechanism() === null ? 'not-shown' : 'false', text }
    if (redirect !== null && !isCopied(redirect)) {
      return { verdict: 'only-if', condition: 'redirect_dir is off, as it is by default', text }
    }
    return { verdict: 'true', text }
  },
}

export const layers: readonly Claim[] = [
  twoLayers,
  pastFifty,
  layersSlowLookups,
  aufsManyLayers,
  deletedTakesLayer,
  deletedFileLiesBelow,
  commitAddsDifference,
  stepAddsLayer,
  renameCopies,
]
