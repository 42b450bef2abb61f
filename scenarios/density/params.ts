/** Parameters of the scenario, and the image that follows from them. */
import { z } from 'zod'
import type { Image, OwnImage } from '../../harness/contracts/image.ts'
import type { Footprint, ParamGrid } from '../../harness/contracts/scenario.ts'
import type { ProfileName } from '../../harness/contracts/options.ts'
import { formatSize, integerOption, sizeOption } from '../../harness/contracts/units.ts'
import { compressibilityOption, imageLabel, imageOption, layersOption, sizeLabel } from '../common/options.ts'
import { createImage } from '../dataset/image.ts'

/** As a small service has: shared libraries and data that each of its containers reads at its start. */
const DEFAULT = { containers: 10, files: 16, size: '1M' } as const
const DEFAULT_BYTES = 1024 ** 2
const MOST_CONTAINERS = 64
/** Each container holds all of them open. */
const MOST_FILES = 200
const PAGE = 4096
/** The rest of the image is never read. */
const USUAL_IMAGE = 'tiny'
/** Bytes that a container writes at most: what its file system writes when it is mounted. */
const WRITTEN = 1024 ** 2
/** For the estimate of time: prepare, mount, read and check a container. */
const SECONDS_A_CONTAINER = 0.05

export const params = z.strictObject({
  containers: integerOption(DEFAULT.containers, 1, MOST_CONTAINERS, 'containers of the image that read them'),
  files: integerOption(DEFAULT.files, 1, MOST_FILES, 'files that each container reads'),
  size: sizeOption(DEFAULT.size, 'size of each file').refine((bytes) => bytes >= PAGE, {
    error: `is below ${formatSize(PAGE)}, one page`,
  }),
  layers: layersOption(),
  compressibility: compressibilityOption(),
  image: imageOption(USUAL_IMAGE),
})

export type DensityParams = z.output<typeof params>

export const profiles: Readonly<Record<ProfileName, readonly ParamGrid[]>> = {
  quick: [{ containers: ['1', '10'] }],
  standard: [{ containers: ['1', '10', '30'] }],
  thorough: [{ containers: ['1', '2', '5', '10', '20', '50'], layers: ['8', '32'] }],
}

/** `10 containers`, `1 container, 32 layers`. */
export function label(given: DensityParams): string {
  const { containers, files, size } = given
  const parts = [`${containers} ${containers === 1 ? 'container' : 'containers'}`]
  if (files !== DEFAULT.files || size !== DEFAULT_BYTES) parts.push(filesLabel(given))
  return [...parts, ...imageLabel(given, USUAL_IMAGE)].join(', ')
}

/** `Reading the same 16 files of 1 MiB in 10 containers`. */
export function subject(given: DensityParams): string {
  const where = given.containers === 1 ? 'a container' : `${given.containers} containers`
  const doing = `Reading the same ${filesLabel(given)} in ${where}`
  // The rest of the image is not part of the sentence; the label names it.
  const unusual = imageLabel({ ...given, image: USUAL_IMAGE }, USUAL_IMAGE)
  return unusual.length === 0 ? doing : `${doing} (${unusual.join(', ')})`
}

function filesLabel({ files, size }: DensityParams): string {
  return `${files} ${files === 1 ? 'file' : 'files'} of ${sizeLabel(size)}`
}

/** Returns the paths of the files, relative to the root. */
export function pathsOf({ files }: Pick<DensityParams, 'files'>): string[] {
  return Array.from(
    { length: files },
    (_, index) => `var/lib/bench/shared/f${String(index).padStart(4, '0')}`,
  )
}

/** Returns the bytes of page cache that one copy of the files takes: whole pages. */
export function bytesOfCopy({ files, size }: Pick<DensityParams, 'files' | 'size'>): number {
  return files * Math.ceil(size / PAGE) * PAGE
}

/** Cells that differ only in the number of containers share one image. */
export function image(given: DensityParams, seed: number, own?: OwnImage | null): Image {
  const { files, size, layers, compressibility, image: profile } = given
  return createImage({
    name: `density-${files}-${formatSize(size)}-${layers}`,
    seed,
    profile,
    own,
    layers,
    compressibility,
    files: pathsOf(given).map((path) => ({ path, size })),
  })
}

export function footprint({ containers }: DensityParams): Footprint {
  return { changed: WRITTEN, written: WRITTEN, containers, seconds: containers * SECONDS_A_CONTAINER }
}
