/** Parameters of the scenario, and the image that follows from them. */
import { z } from 'zod'
import type { Image, ParamGrid, ProfileName } from '../../harness/contracts/scenario.ts'
import { formatSize, integerOption, sizeOption } from '../../harness/contracts/units.ts'
import { BIG_FILE, bigFileImage } from '../common/big-file-image.ts'
import { compressibilityOption, imageOption, MOST_LAYERS, sizeLabel } from '../common/options.ts'
import { ownContent } from '../dataset/image.ts'
import type { ContentKey } from '../dataset/content.ts'
import { formatTouch, touchOption } from './touch.ts'

const SMALLEST = 64 * 1024

export const params = z.strictObject({
  size: sizeOption('256M', 'size of the file').refine((bytes) => bytes >= SMALLEST, {
    error: `is below ${formatSize(SMALLEST)}, where there is nothing to tell apart`,
  }),
  touch: touchOption(),
  depth: integerOption(7, 0, MOST_LAYERS - 1, 'image layers above the one that holds the file'),
  compressibility: compressibilityOption(),
  image: imageOption(),
})

export type BigfileParams = z.output<typeof params>

export const profiles: Readonly<Record<ProfileName, readonly ParamGrid[]>> = {
  quick: [{ size: ['1M', '16M', '256M'] }],
  standard: [{ size: ['1M', '4M', '16M', '64M', '256M', '1G'] }],
  thorough: [
    { size: ['1M', '4M', '16M', '64M', '256M', '1G', '4G'] },
    {
      size: ['256M'],
      touch: ['append', 'open', 'chmod', 'truncate', 'mmap', 'fraction:0.01', 'fraction:0.1', 'fraction:1'],
    },
    { size: ['256M'], depth: ['0', '31', '119'] },
  ],
}

const DEFAULT_DEPTH = 7

/** `256 MiB`, `256 MiB, append, 31 layers above`. */
export function label({ size, touch, depth }: BigfileParams): string {
  const parts = [sizeLabel(size)]
  if (touch.kind !== 'byte') parts.push(formatTouch(touch))
  if (depth !== DEFAULT_DEPTH) parts.push(`${depth} layers above`)
  return parts.join(', ')
}

export function image({ size, depth, compressibility, image: profile }: BigfileParams, seed: number): Image {
  return bigFileImage({ size, seed, profile, layers: depth + 1, compressibility })
}

export function content(seed: number, { compressibility }: BigfileParams): ContentKey {
  return ownContent(seed, compressibility, BIG_FILE)
}
