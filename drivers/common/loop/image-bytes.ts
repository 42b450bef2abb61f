import type { Range, Syscalls } from '../../../harness/contracts/syscalls.ts'
import { extentsOf, occupied, within } from '../../../harness/linux/fiemap.ts'
import { commonBytes, totalBytes } from '../../../harness/linux/ranges.ts'

/**
 * Returns the bytes of an image file, or of these parts of it, that it shares with the one that it was cloned from, and those of its own, by the
 * records of the file system that both lie on.
 */
export function imageBytes(
  syscalls: Syscalls,
  file: string,
  parent: string,
  parts?: readonly Range[],
): { sharedBytes: number; exclusiveBytes: number } {
  const extents = extentsOf(syscalls, file)
  const ranges = occupied(parts === undefined ? extents : within(extents, parts))
  const sharedBytes = commonBytes(ranges, occupied(extentsOf(syscalls, parent)))
  return { sharedBytes, exclusiveBytes: totalBytes(ranges) - sharedBytes }
}
