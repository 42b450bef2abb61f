/** Where a file's bytes lie, by FIEMAP. */
import { closeSync, openSync } from 'node:fs'
import type { Host } from '../../harness/contracts/host.ts'

// linux/fiemap.h
const FIEMAP_EXTENT_UNKNOWN = 2
const FIEMAP_EXTENT_DELALLOC = 4
const FIEMAP_EXTENT_DATA_INLINE = 0x200
const FIEMAP_EXTENT_SHARED = 0x2000
const NOWHERE = FIEMAP_EXTENT_UNKNOWN | FIEMAP_EXTENT_DELALLOC | FIEMAP_EXTENT_DATA_INLINE

/**
 * Bytes of a file by whether another file shares the extent. Holes count as neither; nor does data that lies inline in
 * the file system's own trees, of which FIEMAP never tells whether it is shared.
 */
export function extentBytes(host: Host, path: string): { sharedBytes: number; exclusiveBytes: number } {
  const fd = openSync(path, 'r')
  try {
    let sharedBytes = 0
    let exclusiveBytes = 0
    for (const extent of host.syscalls.fiemap(fd)) {
      if ((extent.flags & NOWHERE) !== 0) continue
      if ((extent.flags & FIEMAP_EXTENT_SHARED) !== 0) sharedBytes += extent.length
      else exclusiveBytes += extent.length
    }
    return { sharedBytes, exclusiveBytes }
  } finally {
    closeSync(fd)
  }
}
