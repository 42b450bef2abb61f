/** Parameters that several scenarios have. */
import { z } from 'zod'
import { choiceOption, formatSize, integerOption } from '../../harness/contracts/units.ts'
import type { ProfileId } from '../dataset/tree.ts'

const LARGEST_RATIO = 16
export const DEFAULT_RATIO = 2.6
/** Default number of layers of an image. */
export const DEFAULT_LAYERS = 8

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
    .prefault(String(DEFAULT_RATIO))
    .describe('uncompressed ÷ compressed size of the data; 2.6 is the median of images on Docker Hub')
}

/** What lies beside the files of a workload; `usual` is the default of a scenario. */
export function imageOption(usual: ProfileId) {
  return choiceOption(
    ['tiny', 'small', 'large', 'own'],
    usual,
    'size of the image beside the files of the workload: tiny (8 MB, 80 files), small (94 MB, 1,090 files), large (1 GB, 20,000 files), or own: that of --image',
  )
}

/** overlay stacks up to 500 layers (fs/overlayfs/params.h, OVL_MAX_STACK), one of which is the container's. */
export const MOST_LAYERS = 499

export function layersOption() {
  return integerOption(DEFAULT_LAYERS, 1, MOST_LAYERS, 'layers of the image')
}

/** `256 MiB`, `512 B`: a size as a person says it. */
export function sizeLabel(bytes: number): string {
  const text = formatSize(bytes)
  const unit = text.at(-1) ?? ''
  return /[KMGT]/.test(unit) ? `${text.slice(0, -1)} ${unit}iB` : `${text} B`
}

/** `31.8 MiB`: about the size of a file that is as large as it is. */
export function roundedSize(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  const value = bytes / 1024 ** power
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`
}

/** The user's own image in a label: a run has one. */
export const OWN_IMAGE = 'your image'

/** `small image`, `your image`. */
export function imageWords(image: string): string {
  return image === 'own' ? OWN_IMAGE : `${image} image`
}

/**
 * Returns the image parameters that differ from their default, for labels: different cells need different labels. `usual`:
 * default image of the scenario.
 */
export function imageLabel(
  given: { image: string; compressibility: number; layers: number },
  usual: ProfileId,
): string[] {
  const parts: string[] = []
  if (given.image === 'own') parts.push(OWN_IMAGE)
  else if (given.layers !== DEFAULT_LAYERS) parts.push(`${given.layers} layers`)
  if (given.image !== usual && given.image !== 'own') parts.push(`${given.image} image`)
  if (given.compressibility !== DEFAULT_RATIO) parts.push(`data ${given.compressibility} : 1`)
  return parts
}
