/** Parameters of the scenario, and the image that follows from them. */
import { basename, isAbsolute } from 'node:path'
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
import { isLimited, limitOptions, limitWords } from '../common/container/limits.ts'
import { createImage } from '../dataset/image.ts'
import { OWN_KERNEL } from './guest/kernel.ts'

const MOST_AT_ONCE = 64
const USUAL_IMAGE = 'small'

/** Each has memory of its own, and one processor. */
const MOST_MACHINES = 8

export const params = z
  .strictObject({
    runtime: choiceOption(
      ['auto', 'crun', 'runc', 'vm'],
      'auto',
      'what starts the container: an OCI runtime, auto being the first of crun and runc that a container starts with here; vm: QEMU, ' +
        'with the container as root of a virtual machine',
    ),
    kernel: z
      .string()
      .refine((text) => text === OWN_KERNEL || isAbsolute(text), {
        error: `is neither ${OWN_KERNEL} nor an absolute path`,
      })
      .prefault(OWN_KERNEL)
      .describe(
        'runtime=vm: kernel of the virtual machine, with lib/modules beside its folder; auto: the one of this host',
      ),
    image: imageOption(USUAL_IMAGE),
    layers: layersOption(),
    concurrency: integerOption(1, 1, MOST_AT_ONCE, 'containers started at once'),
    compressibility: compressibilityOption(),
    ...limitOptions(),
  })
  // Containers are the same whatever kernel machines have.
  .overwrite((given) => (given.runtime === 'vm' ? given : { ...given, kernel: OWN_KERNEL }))
  .refine(({ runtime, concurrency }) => runtime !== 'vm' || concurrency <= MOST_MACHINES, {
    error: `is above ${MOST_MACHINES}, the most of runtime=vm`,
    path: ['concurrency'],
  })
  .refine((given) => given.runtime !== 'vm' || !isLimited(given), {
    error: 'is vm, which has no cgroup that memory, cpus and iops would limit',
    path: ['runtime'],
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
  kernel,
  image: profile,
  layers,
  concurrency,
  compressibility,
  ...limits
}: StartupParams): string {
  const parts = [imageWords(profile), `${layers} ${layers === 1 ? 'layer' : 'layers'}`]
  if (concurrency !== 1) parts.push(`${concurrency} at once`)
  if (runtime !== 'auto') parts.push(...runtimeWords(runtime, kernel))
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

/** `crun`, `virtual machine`, and the kernel of one that is not the host's own. */
function runtimeWords(runtime: string, kernel: string): string[] {
  if (runtime !== 'vm') return [runtime]
  return ['virtual machine', ...(kernel === OWN_KERNEL ? [] : [basename(kernel)])]
}

/** `Starting a container, small image, 8 layers`. */
export function subject(given: StartupParams): string {
  return `Starting ${given.concurrency === 1 ? 'a container' : 'containers'}, ${label(given)}`
}
