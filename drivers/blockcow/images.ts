/** How the children of an image file are made; one implementation for each `mode`. */
import type { Range } from '../../harness/contracts/syscalls.ts'

export interface ImageBytes {
  /** Null where it is not known. */
  sharedBytes: number | null
  exclusiveBytes: number
}

/** Image files by id. The empty base image is there from the start. */
export interface Images extends AsyncDisposable {
  /** Makes a child of the image `parent` (null: of the empty base image). */
  create(id: string, parent: string | null, access: 'rw' | 'ro'): Promise<void>
  /** The file that shows the image as a block device's content. */
  file(id: string): string
  /** From now on the image is never written again. */
  seal(id: string): Promise<void>
  remove(id: string): Promise<void>
  /** Bytes of the image that are its parent's, and that are its own; of all of it, or of parts of the device. */
  bytes(id: string, parent: string | null, parts?: readonly Range[]): ImageBytes
}
