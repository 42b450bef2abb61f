/** Estimates of the scratch that an image and its containers take; for `DriverMeta.spaceNeeded`. */

/** Bytes of a page: the least that a change writes. */
const PAGE = 4096

/** Bytes that xfs allocates for a write to shared blocks: 32 of 4 KiB (fs/xfs/xfs_inode.c, xfs_get_cowextsz_hint). */
export const XFS_COW_BYTES = 32 * 4096

/** Returns the bytes if each layer is stored once and a container adds what it changes. */
export function changedOnly(layers: readonly number[], containers: number, changed: number): number {
  return sum(layers) + containers * changed
}

/**
 * Returns the bytes if each layer is stored once and each page that a container changes may copy a block of `blockSize`.
 */
export function changedBlocks(
  blockSize: number,
  layers: readonly number[],
  containers: number,
  changed: number,
): number {
  const image = sum(layers)
  const copied = Math.ceil(changed / PAGE) * Math.max(blockSize, PAGE)
  return image + containers * Math.min(copied, image + changed)
}

/** Returns the bytes if each layer and each container also holds everything below it. */
export function wholeCopies(layers: readonly number[], containers: number, changed: number): number {
  const layerCopies = layers.map((_, index) => sum(layers.slice(0, index + 1)))
  return sum(layerCopies) + containers * (sum(layers) + changed)
}

/**
 * Returns the bytes if each layer is packed into a file, and containers add what they change, or, before there are any, the files of the layer
 * that is being committed. Without what compression may save.
 */
export function packedLayers(layers: readonly number[], containers: number, changed: number): number {
  const images = sum(layers)
  return containers === 0 ? images : images + Math.max(containers * changed, ...layers)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
