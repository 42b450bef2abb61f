/** Parameters of the scenario, and the image that follows from them. */
import { z } from 'zod'
import { usageError } from '../../harness/contracts/error.ts'
import type { Image, OwnImage } from '../../harness/contracts/image.ts'
import type { Footprint, ParamGrid, Trial } from '../../harness/contracts/scenario.ts'
import type { ProfileName } from '../../harness/contracts/options.ts'
import { formatSize, integerOption, sizeOption } from '../../harness/contracts/units.ts'
import { BIG_FILE, bigFileImage } from '../common/big-file-image.ts'
import {
  compressibilityOption,
  DEFAULT_LAYERS,
  imageLabel,
  imageOption,
  MOST_LAYERS,
  roundedSize,
  sizeLabel,
} from '../common/options.ts'
import { volumeLabel, volumeOption } from '../common/volume.ts'
import { createImage, ownContent } from '../dataset/image.ts'
import { BLOCK, type Content, type ContentKey } from '../dataset/content.ts'
import { formatTouch, touchOption } from './touch.ts'

const SMALLEST = 64 * 1024
/** The rest of the image is never read. */
const USUAL_IMAGE = 'tiny'

/** Value of `file`: the scenario's own. */
const SEEDED = 'seeded'

function fileOption() {
  return z
    .string()
    .regex(/^[^/].*$/, { error: 'is no path within the image: write it without a slash at its beginning' })
    .prefault(SEEDED)
    .describe('the file: one of the scenario’s own (seeded), or a path of the image of --image')
}

export const params = z.strictObject({
  size: sizeOption('256M', 'size of the file').refine((bytes) => bytes >= SMALLEST, {
    error: `is below ${formatSize(SMALLEST)}, where there is nothing to tell apart`,
  }),
  touch: touchOption(),
  volume: volumeOption(),
  depth: integerOption(
    DEFAULT_LAYERS - 1,
    0,
    MOST_LAYERS - 1,
    'image layers above the one that holds the file',
  ),
  file: fileOption(),
  compressibility: compressibilityOption(),
  image: imageOption(USUAL_IMAGE),
})

export type BigfileParams = z.output<typeof params>

export const profiles: Readonly<Record<ProfileName, readonly ParamGrid[]>> = {
  quick: [{ size: ['1M', '16M', '256M'] }],
  standard: [{ size: ['1M', '16M', '256M'] }],
  thorough: [
    { size: ['1M', '4M', '16M', '64M', '256M', '1G', '4G'] },
    {
      size: ['256M'],
      touch: ['append', 'open', 'chmod', 'truncate', 'mmap', 'fraction:0.01', 'fraction:0.1', 'fraction:1'],
    },
    { size: ['256M'], depth: ['0', '31', '119'] },
  ],
}

/** `256 MiB`, `256 MiB, append, 32 layers`, `usr/bin/app of 34 MiB, your image`. */
export function label({ size, touch, depth, file, ...given }: BigfileParams): string {
  const parts = [file === SEEDED ? sizeLabel(size) : `${file} of ${roundedSize(size)}`]
  if (touch.kind !== 'byte') parts.push(formatTouch(touch))
  return [...parts, ...volumeLabel(given), ...imageLabel({ ...given, layers: depth + 1 }, USUAL_IMAGE)].join(
    ', ',
  )
}

/** `Changing one byte of a 256 MiB file`. */
export function subject({ size, touch, depth, file, ...given }: BigfileParams): string {
  const which = file === SEEDED ? `a ${sizeLabel(size)} file` : `${file} (${roundedSize(size)})`
  const what = [which, ...volumeLabel(given)].join(' ')
  const doing = {
    byte: `Changing one byte of ${what}`,
    append: `Appending one byte to ${what}`,
    open: `Opening ${what} for writing`,
    chmod: `Changing the mode of ${what}`,
    truncate: `Truncating ${what} to half`,
    mmap: `Storing one byte into ${what} through a mapping`,
    fraction: `Rewriting ${touch.share * 100} % of ${what} in scattered blocks`,
  }[touch.kind]
  // The rest of the image is not part of the sentence; the label names it.
  const named = given.image === 'own' ? given.image : USUAL_IMAGE
  const unusual = imageLabel({ ...given, image: named, layers: depth + 1 }, USUAL_IMAGE)
  return unusual.length === 0 ? doing : `${doing} (${unusual.join(', ')})`
}

export function image(
  { size, depth, compressibility, image: profile, file }: BigfileParams,
  seed: number,
  own?: OwnImage | null,
): Image {
  const spec = { seed, profile, own, layers: depth + 1, compressibility }
  // The name of an image of the user alone is that of its digest.
  return file === SEEDED ? bigFileImage({ ...spec, size }) : createImage({ ...spec, name: 'own' })
}

/** How many of the image's largest files are changed, a cell each. */
const LARGEST_FILES: Readonly<Record<ProfileName, number>> = { quick: 1, standard: 2, thorough: 3 }

/** The largest files of the image take the place of the sizes, or those that the user names. */
export function onOwnImage(own: OwnImage, profile: ProfileName, given: ParamGrid): readonly ParamGrid[] {
  const files = given['file'] ?? largestFiles(own, LARGEST_FILES[profile])
  return files.map((path) => ({
    image: ['own'],
    depth: [String(Math.max(0, own.layers.length - 1))],
    file: [path],
    size: [String(sizeIn(own, path))],
  }))
}

function largestFiles({ manifest, content, facts }: OwnImage, count: number): string[] {
  const files = [...manifest.values()].filter(
    ({ type, size, path }) => type === 'file' && size >= SMALLEST && content(path) !== null,
  )
  if (files.length === 0)
    throw usageError(
      'own-image',
      `--image ${facts.path}: it has no file of ${formatSize(SMALLEST)} for bigfile`,
    )
  return files
    .toSorted((a, b) => b.size - a.size || (a.path < b.path ? -1 : 1))
    .slice(0, count)
    .map(({ path }) => path)
}

function sizeIn({ manifest, content, facts }: OwnImage, path: string): number {
  const entry = manifest.get(path)
  if (entry?.type === 'file' && content(path) !== null) return entry.size
  throw usageError('own-image', `--set file=${path}: ${facts.name} has no such regular file`)
}

/** Returns the path of the file, relative to the root. */
export function fileOf({ file }: BigfileParams): string {
  return file === SEEDED ? BIG_FILE : file
}

/** Returns what the file of the image holds. */
export function contentOf({
  own,
  params: given,
  seed,
}: Pick<Trial<BigfileParams>, 'own' | 'params' | 'seed'>): Content {
  const read = given.file === SEEDED ? null : own?.content(given.file)
  return read === null || read === undefined ? seededContent({ params: given, seed }) : { read }
}

/** Returns the bytes of the seed: those of the scenario's own file, and what any file is rewritten with. */
export function seededContent({
  params: given,
  seed,
}: Pick<Trial<BigfileParams>, 'params' | 'seed'>): ContentKey {
  return ownContent(seed, given.compressibility, BIG_FILE)
}

/** Returns the bytes written: two blocks, or a share of the file; a volume holds a copy of the file. */
export function footprint({ size, touch, volume }: BigfileParams): Footprint {
  const written = writtenBy({ size, touch })
  return volume === 'on'
    ? { changed: 0, written: size + written, containers: 1 }
    : { changed: size, written, containers: 1 }
}

/** Bytes, at most. */
export function writtenBy({ size, touch }: Pick<BigfileParams, 'size' | 'touch'>): number {
  return Math.ceil(touch.share * size) + 2 * BLOCK
}
