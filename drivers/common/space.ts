/** Estimates of the scratch that an image and its containers take; for `DriverMeta.spaceNeeded`. */

/** Bytes of a page: the least that a change writes. */
const PAGE = 4096

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

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
