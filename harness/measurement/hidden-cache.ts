/**
 * A cache that mincore(2) says nothing of: ZFS' ARC. Cold is what it was made to forget all of; warm is what can be read
 * without the device being asked.
 */
import { readThrough } from './read-through.ts'

export interface HiddenCache {
  /** See `Snapshotter.forget`. */
  forget(): Promise<void>
  /** Bytes that the store's devices have read, ever. */
  bytesRead(): number
}

/** Reads the files once more. Returns the share of their bytes that the devices read for it. */
export function uncachedShare(
  paths: readonly string[],
  { bytesRead }: Pick<HiddenCache, 'bytesRead'>,
): number {
  const before = bytesRead()
  const total = paths.reduce((sum, path) => sum + readThrough(path), 0)
  return total === 0 ? 0 : (bytesRead() - before) / total
}
