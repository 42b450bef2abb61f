/** Estimates of the scratch that an image and its containers take; for `DriverMeta.spaceNeeded`. */

/** Where each layer is stored once and a container adds what it changes. Bytes. */
export function changedOnly(layers: readonly number[], containers: number, changed: number): number {
  return sum(layers) + containers * changed
}

/** Where each layer and each container holds all that lies below it, too. Bytes. */
export function wholeCopies(layers: readonly number[], containers: number, changed: number): number {
  const layerCopies = layers.map((_, index) => sum(layers.slice(0, index + 1)))
  return sum(layerCopies) + containers * (sum(layers) + changed)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
