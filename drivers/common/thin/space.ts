/** Bytes of a page of the file system inside: the least that a change writes. */
const PAGE = 4096
/** Blocks that a snapshot takes for the file system's own books (superblock, journal, inodes), whatever is written. */
const OWN_BOOKS = 8

/** Returns `DriverMeta.spaceNeeded` of a thin pool: each changed page may copy a block of its own, though never more than there is. */
export function spaceInPool(
  blockSize: number,
  layers: readonly number[],
  containers: number,
  changed: number,
): number {
  const whole = (bytes: number) => Math.ceil(bytes / blockSize) * blockSize
  const books = OWN_BOOKS * blockSize
  const image = layers.reduce((total, bytes) => total + whole(bytes) + books, 0)
  const copied = Math.min(Math.ceil(changed / PAGE) * blockSize, image + whole(changed))
  return image + containers * (copied + books)
}
