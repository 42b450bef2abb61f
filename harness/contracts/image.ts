/** Images: what a driver stores, and the user's own image, which `--image` names. */
import { z } from 'zod'
import type { Host } from './host.ts'
import type { OwnProcess } from './own-process.ts'

/** One entry of an image's tree. */
export interface ManifestEntry {
  /** Relative, no leading slash. */
  path: string
  /** `special`: a device, a pipe or a socket. */
  type: 'file' | 'directory' | 'symlink' | 'special'
  /** Permission bits. */
  mode: number
  uid: number
  gid: number
  /** Bytes of a file's content; 0 otherwise. */
  size: number
  /** SHA-256 of a file's content, a link's target, what a special file is, or '' for a directory. */
  digest: string
  /** First of the names of a file that has several. Absent: it has one, or that is not known. */
  firstName?: string
  /** Extended attributes that belong to the image: their bytes by name, hexadecimal. Absent: none. */
  attributes?: Readonly<Record<string, string>>
}

/** One layer: what to write over the layers below. The same bytes for every driver. */
export interface ImageLayer {
  /** Bytes of content, for the estimate of space. */
  bytes: number
  /** Fills `directory`, the mounted writable view of the layers below, and tells what it wrote: of the user's own image, nothing. */
  fill(directory: string, host: Pick<Host, 'syscalls'>): Promise<ManifestEntry[]>
}

export interface Image {
  /** Equal for equal content: cells that share it share one committed stack in each store. */
  id: string
  /** Bottom up; those of `on` are not among them. */
  layers: readonly ImageLayer[]
  /** The image that these layers lie on: a store holds it once, however many images lie on it. Absent: none. */
  on?: Image
  /** The same image without the files that no workload touches: what a control copies. Absent: all of it. */
  touched?: Image
  /** The user's own image, where the cells are on it. */
  own?: OwnImage | null
  /** What the layers show that do not tell what they wrote. */
  shows?: ReadonlyMap<string, ManifestEntry>
}

/** Returns all layers of an image, bottom up: first those of the image that it lies on. */
export function stackOf({ on, layers }: Pick<Image, 'on' | 'layers'>): readonly ImageLayer[] {
  return on === undefined ? layers : [...stackOf(on), ...layers]
}

export const ownImageSchema = z.object({
  path: z.string().describe('file or folder that it was read from'),
  name: z.string().describe('its reference, or the name of the file'),
  digest: z
    .string()
    .describe('digest of its manifest; of a docker archive, which has none, that of its configuration'),
  platform: z.string().describe('operating system and architecture: linux/amd64'),
  layers: z.number().int(),
  files: z.number().int().describe('regular files of its tree'),
  bytes: z.number().describe('bytes of their content'),
})

/** What a plan and a run know of the image. */
export type OwnImageFacts = z.infer<typeof ownImageSchema>

/** The image, opened and checked: every digest was right. Its layers lie unpacked in files without a name until it is disposed of. */
export interface OwnImage extends Disposable {
  readonly facts: OwnImageFacts
  /** Bottom up. */
  readonly layers: readonly ImageLayer[]
  /** The tree that its layers make, by path, as a model of it in memory shows. */
  readonly manifest: ReadonlyMap<string, ManifestEntry>
  readonly process: OwnProcess
  /**
   * Returns what reads a file of the tree from any offset; beyond its end there are zeros. Null where its bytes do not lie in one
   * piece.
   */
  content(path: string): ((target: Buffer, offset: number) => void) | null
}
