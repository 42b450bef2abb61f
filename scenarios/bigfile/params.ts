/** Parameters of the scenario, and the image that follows from them. */
import { z } from 'zod'
import type { Footprint, Image, ParamGrid } from '../../harness/contracts/scenario.ts'
import type { ProfileName } from '../../harness/contracts/options.ts'
import { formatSize, integerOption, sizeOption } from '../../harness/contracts/units.ts'
import { BIG_FILE, bigFileImage } from '../common/big-file-image.ts'
import {
  compressibilityOption,
  DEFAULT_LAYERS,
  imageLabel,
  imageOption,
  MOST_LAYERS,
  sizeLabel,
} from '../common/options.ts'
import { volumeLabel, volumeOption } from '../common/volume.ts'
import { ownContent } from '../dataset/image.ts'
import { BLOCK, type ContentKey } from '../dataset/content.ts'
import { formatTouch, touchOption } from './touch.ts'

const SMALLEST = 64 * 1024
/** The rest of the image is never read. */
const USUAL_IMAGE = 'tiny'

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

/** `256 MiB`, `256 MiB, append, 32 layers`. */
export function label({ size, touch, depth, ...given }: BigfileParams): string {
  const parts = [sizeLabel(size)]
  if (touch.kind !== 'byte') parts.push(formatTouch(touch))
  return [...parts, ...volumeLabel(given), ...imageLabel({ ...given, layers: depth + 1 }, USUAL_IMAGE)].join(
    ', ',
  )
}

/** `Changing one byte of a 256 MiB file`. */
export function subject({ size, touch, depth, ...given }: BigfileParams): string {
  const file = [`a ${sizeLabel(size)} file`, ...volumeLabel(given)].join(' ')
  const doing = {
    byte: `Changing one byte of ${file}`,
    append: `Appending one byte to ${file}`,
    open: `Opening ${file} for writing`,
    chmod: `Changing the mode of ${file}`,
    truncate: `Truncating ${file} to half`,
    mmap: `Storing one byte into ${file} through a mapping`,
    fraction: `Rewriting ${touch.share * 100} % of ${file} in scattered blocks`,
  }[touch.kind]
  // The rest of the image is not part of the sentence; the label names it.
  const unusual = imageLabel({ ...given, image: USUAL_IMAGE, layers: depth + 1 }, USUAL_IMAGE)
  return unusual.length === 0 ? doing : `${doing} (${unusual.join(', ')})`
}

export function image({ size, depth, compressibility, image: profile }: BigfileParams, seed: number): Image {
  return bigFileImage({ size, seed, profile, layers: depth + 1, compressibility })
}

export function content(seed: number, { compressibility }: BigfileParams): ContentKey {
  return ownContent(seed, compressibility, BIG_FILE)
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
