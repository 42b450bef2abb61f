/** Parameters of the scenario, and the image that follows from them. */
import { z } from 'zod'
import type { Image, OwnImage } from '../../harness/contracts/image.ts'
import type { ParamGrid } from '../../harness/contracts/scenario.ts'
import type { ProfileName } from '../../harness/contracts/options.ts'
import { choiceOption, integerOption } from '../../harness/contracts/units.ts'
import {
  compressibilityOption,
  DEFAULT_LAYERS,
  imageLabel,
  imageOption,
  imageWords,
  layersOption,
} from '../common/options.ts'
import { limitOptions, limitWords } from '../common/container/limits.ts'
import { createImage } from '../dataset/image.ts'

const MOST_AT_ONCE = 64
const USUAL_IMAGE = 'small'

export const params = z.strictObject({
  runtime: choiceOption(
    ['auto', 'crun', 'runc'],
    'auto',
    'OCI runtime; auto: the first of crun and runc that a container starts with here',
  ),
  image: imageOption(USUAL_IMAGE),
  layers: layersOption(),
  concurrency: integerOption(1, 1, MOST_AT_ONCE, 'containers started at once'),
  compressibility: compressibilityOption(),
  ...limitOptions(),
})

export type StartupParams = z.output<typeof params>

export const profiles: Readonly<Record<ProfileName, readonly ParamGrid[]>> = {
  quick: [{}],
  standard: [{ layers: ['1', '8', '120'] }, { concurrency: ['4'] }],
  thorough: [
    { layers: ['1', '8', '32', '120'], image: ['small', 'large'] },
    { concurrency: ['4', '16'], image: ['small', 'large'] },
  ],
}

/** `small image, 8 layers`, `large image, 8 layers, 16 at once, runc`. */
export function label({
  runtime,
  image: profile,
  layers,
  concurrency,
  compressibility,
  ...limits
}: StartupParams): string {
  const parts = [imageWords(profile), `${layers} ${layers === 1 ? 'layer' : 'layers'}`]
  if (concurrency !== 1) parts.push(`${concurrency} at once`)
  if (runtime !== 'auto') parts.push(runtime)
  parts.push(...limitWords(limits))
  return [
    ...parts,
    ...imageLabel({ image: USUAL_IMAGE, layers: DEFAULT_LAYERS, compressibility }, USUAL_IMAGE),
  ].join(', ')
}

export function image(
  { image: profile, layers, compressibility }: StartupParams,
  seed: number,
  own?: OwnImage | null,
): Image {
  return createImage({ name: `${profile}-${layers}`, seed, profile, own, layers, compressibility })
}

/** `Starting a container, small image, 8 layers`. */
export function subject(given: StartupParams): string {
  return `Starting ${given.concurrency === 1 ? 'a container' : 'containers'}, ${label(given)}`
}
