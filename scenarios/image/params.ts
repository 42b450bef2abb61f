/** Parameters of the scenario, and the image that arrives. */
import { z } from 'zod'
import type { Image, OwnImage } from '../../harness/contracts/image.ts'
import type { Footprint, ParamGrid } from '../../harness/contracts/scenario.ts'
import type { ProfileName } from '../../harness/contracts/options.ts'
import { choiceOption } from '../../harness/contracts/units.ts'
import {
  compressibilityOption,
  DEFAULT_LAYERS,
  DEFAULT_RATIO,
  imageLabel,
  imageOption,
  layersOption,
} from '../common/options.ts'
import { createImage } from '../dataset/image.ts'

const USUAL_IMAGE = 'tiny'
const DEFAULT = { compression: 'gzip', durability: 'none', workers: '1' } as const

export const params = z.strictObject({
  image: imageOption(USUAL_IMAGE),
  layers: layersOption(),
  compression: choiceOption(['none', 'gzip', 'zstd'], DEFAULT.compression, 'of the layers’ archives'),
  durability: choiceOption(
    ['none', 'syncfs', 'per-file'],
    DEFAULT.durability,
    'what is synced before a layer is committed: nothing, its file system once, or each file',
  ),
  workers: choiceOption(['1', '2', '4'], DEFAULT.workers, 'layers that are decompressed at once'),
  compressibility: compressibilityOption(),
})

export type ImageParams = z.output<typeof params>

export const profiles: Readonly<Record<ProfileName, readonly ParamGrid[]>> = {
  quick: [{}],
  standard: [
    { image: ['small'], durability: ['none', 'syncfs', 'per-file'] },
    { image: ['small'], compression: ['zstd'], workers: ['4'] },
  ],
  thorough: [
    { image: ['small', 'large'], durability: ['none', 'syncfs', 'per-file'] },
    { image: ['small'], compression: ['none', 'gzip', 'zstd'], workers: ['1', '2', '4'] },
    { image: ['small'], layers: ['1', '32'] },
  ],
}

/** `8 layers, gzip`, `small image, 8 layers, zstd, 4 workers, syncfs`. */
export function label({ image: profile, layers, compressibility, ...how }: ImageParams): string {
  const [beside] = imageLabel(
    { image: profile, layers: DEFAULT_LAYERS, compressibility: DEFAULT_RATIO },
    USUAL_IMAGE,
  )
  const data = imageLabel({ image: USUAL_IMAGE, layers: DEFAULT_LAYERS, compressibility }, USUAL_IMAGE)
  return [...(beside === undefined ? [] : [beside]), layerCount(layers), ...howLabel(how), ...data].join(', ')
}

/** `An image arriving: 8 layers, gzip`. */
export function subject(given: ImageParams): string {
  return `An image arriving: ${label(given)}`
}

function howLabel({
  compression,
  durability,
  workers,
}: Pick<ImageParams, 'compression' | 'durability' | 'workers'>): string[] {
  const parts: string[] = [compression === 'none' ? 'not compressed' : compression]
  if (workers !== DEFAULT.workers) parts.push(`${workers} workers`)
  if (durability !== DEFAULT.durability)
    parts.push(durability === 'syncfs' ? 'a syncfs a layer' : 'an fsync a file')
  return parts
}

function layerCount(count: number): string {
  return count === 1 ? '1 layer' : `${count} layers`
}

/** The image that arrives. */
export function arrivingImage(
  { image: profile, layers, compressibility }: ImageParams,
  seed: number,
  own?: OwnImage | null,
): Image {
  return createImage({ name: `${profile}-${layers}`, seed, profile, own, layers, compressibility })
}

/** What the store holds before: nothing that the one that arrives could share. */
export function baseImage({ compressibility }: ImageParams, seed: number, own?: OwnImage | null): Image {
  const base = createImage({ name: 'base', seed, profile: null, layers: 1, compressibility })
  return own === undefined || own === null ? base : { ...base, own }
}

/** Seconds that an entry takes to be made, and a layer to come. */
const SECONDS_A_LAYER = 0.05

/** Returns the space of all layers; a driver that keeps whole trees has in each what is below, too. */
export function footprint(given: ImageParams, own?: OwnImage | null): Footprint {
  const { layers } = arrivingImage(given, 1, own)
  const total = layers.reduce((sum, { bytes }) => sum + bytes, 0)
  // Over the layers of a driver that keeps whole trees, half of the image on average.
  const each = Math.ceil((total * (layers.length + 1)) / (2 * layers.length))
  return {
    changed: each,
    written: total,
    containers: layers.length,
    seconds: layers.length * SECONDS_A_LAYER,
  }
}
