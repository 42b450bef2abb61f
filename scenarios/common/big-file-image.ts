/** The image with one large file, which bigfile and random-write share, so that a store builds it once. */
import type { Image } from '../../harness/contracts/image.ts'
import { formatSize } from '../../harness/contracts/units.ts'
import { createImage, type ImageSpec } from '../dataset/image.ts'

/** The file, relative to the root. */
export const BIG_FILE = 'var/lib/bench/bigfile'

export type BigFileSpec = Pick<ImageSpec, 'seed' | 'profile' | 'own' | 'layers' | 'compressibility'> & {
  /** Bytes of the large file. */
  size: number
}

export function bigFileImage({ size, ...spec }: BigFileSpec): Image {
  const name = `bigfile-${formatSize(size)}-${spec.layers}`
  return createImage({ ...spec, name, files: [{ path: BIG_FILE, size }] })
}
