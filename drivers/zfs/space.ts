/** Bytes of a page: the least that a change writes. */
const PAGE = 4096

/** For `DriverMeta.spaceNeeded`: each changed page may copy a record of its own, though never more than there is. */
export function spaceNeeded(
  recordSize: number,
  layers: readonly number[],
  containers: number,
  changed: number,
): number {
  const image = layers.reduce((total, bytes) => total + bytes, 0)
  const copied = Math.ceil(changed / PAGE) * Math.max(recordSize, PAGE)
  return image + containers * Math.min(copied, image + changed)
}
