/** Parameters of the scenario, and the image that follows from them. */
import { z } from 'zod'
import type { Image, OwnImage } from '../../harness/contracts/image.ts'
import type { ParamGrid } from '../../harness/contracts/scenario.ts'
import type { ProfileName } from '../../harness/contracts/options.ts'
import { integerOption } from '../../harness/contracts/units.ts'
import { DEFAULT_LAYERS, DEFAULT_RATIO, imageOption, imageWords, MOST_LAYERS } from '../common/options.ts'
import { createImage } from '../dataset/image.ts'
import { lowestFiles, PLACES, updatedFiles } from './places.ts'

/** 16 rounds of the places: enough for a median, and below two seconds for the slowest driver under 120 layers. */
const DEFAULT_ITERATIONS = 128
const MOST_ITERATIONS = 100_000
/** The rest of the image is never read. */
const USUAL_IMAGE = 'tiny'

export const params = z.strictObject({
  depth: integerOption(
    DEFAULT_LAYERS,
    1,
    MOST_LAYERS,
    'layers of the image; what is looked at lies in the lowest, and every layer has its directory',
  ),
  image: imageOption(USUAL_IMAGE),
  iterations: integerOption(
    DEFAULT_ITERATIONS,
    PLACES,
    MOST_ITERATIONS,
    `warm: how often each operation is measured in a sample; cold it is ${PLACES} times, since a first touch happens once`,
  ),
})

export type MetadataParams = z.output<typeof params>

export const profiles: Readonly<Record<ProfileName, readonly ParamGrid[]>> = {
  quick: [{ depth: ['1', '8'] }],
  standard: [{ depth: ['1', '8', '120'] }],
  thorough: [{ depth: ['1', '2', '4', '8', '16', '32', '64', '120'] }],
}

/** `1 layer`, `120 layers, 1,024 calls`. */
export function label({ depth, iterations, image: profile }: MetadataParams): string {
  const parts = [layers(depth)]
  if (profile !== USUAL_IMAGE) parts.push(imageWords(profile))
  if (iterations !== DEFAULT_ITERATIONS) parts.push(`${iterations.toLocaleString('en-US')} calls`)
  return parts.join(', ')
}

/** `Opening a file in the lowest of 8 layers`. */
export function subject({ depth, image: profile }: MetadataParams): string {
  const beside = profile === USUAL_IMAGE ? '' : ` (${imageWords(profile)})`
  return `${depth === 1 ? 'Opening a file of the only layer' : `Opening a file in the lowest of ${layers(depth)}`}${beside}`
}

/** The scenario's files lie in a layer of their own beneath the user's. */
export function onOwnImage({ layers: above }: OwnImage): readonly ParamGrid[] {
  return [{ image: ['own'], depth: [String(above.length + 1)] }]
}

function layers(count: number): string {
  return count === 1 ? '1 layer' : `${count} layers`
}

export function image({ depth, image: profile }: MetadataParams, seed: number, own?: OwnImage | null): Image {
  return createImage({
    name: `metadata-${depth}`,
    seed,
    profile,
    own,
    layers: depth,
    compressibility: DEFAULT_RATIO,
    files: lowestFiles,
    updated: updatedFiles,
    lowest: true,
  })
}
