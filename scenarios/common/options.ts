/** Parameters that several scenarios have. */
import { z } from 'zod'
import { formatSize } from '../../harness/contracts/units.ts'
import { choiceOption, integerOption } from '../../harness/contracts/units.ts'

const LARGEST_RATIO = 16

/** Uncompressed ÷ compressed size of all data: `2.6`. */
export function compressibilityOption() {
  const valid = (text: string) =>
    /^\d+(\.\d+)?$/.test(text) && Number(text) >= 1 && Number(text) <= LARGEST_RATIO
  return z
    .codec(
      z.string().refine(valid, { error: `is not a ratio from 1 (random) to ${LARGEST_RATIO}` }),
      z.number(),
      { decode: Number, encode: String },
    )
    .prefault('2.6')
    .describe('uncompressed ÷ compressed size of the data; 2.6 is the median of images on Docker Hub')
}

export function imageOption() {
  return choiceOption(
    ['small', 'large'],
    'small',
    'what lies beside the files of the workload: small (94 MB, 1,090 files) or large (1 GB, 20,000 files)',
  )
}

/** overlay stacks up to 500 layers (fs/overlayfs/params.h, OVL_MAX_STACK), one of which is the container's. */
export const MOST_LAYERS = 499

export function layersOption() {
  return integerOption(8, 1, MOST_LAYERS, 'layers of the image')
}

/** `256 MiB`, `512 B`: a size as a person says it. */
export function sizeLabel(bytes: number): string {
  const text = formatSize(bytes)
  const unit = text.at(-1) ?? ''
  return /[KMGT]/.test(unit) ? `${text.slice(0, -1)} ${unit}iB` : `${text} B`
}
