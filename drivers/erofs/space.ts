/** Room for an image on the scratch. */
import { lstatSync, readdirSync, statfsSync } from 'node:fs'
import { BenchError, ExitCode } from '../../harness/contracts/error.ts'

/**
 * Throws `driver.no-space` where the backing may not hold an image of the tree: mkfs.erofs would fill it to the last
 * block before it says so. What compression may save is not counted on, as in `packedLayers`.
 */
export function requireRoom(backing: string, tree: string): void {
  const { bavail, bsize } = statfsSync(backing)
  const needed = lengthOfFiles(tree, new Set())
  if (needed <= bavail * bsize) return
  throw new BenchError(
    `the image of a layer may need ${needed} bytes, including holes in its files; ${bavail * bsize} are free`,
    {
      code: 'driver.no-space',
      hint: 'use a larger --scratch-size',
      exitCode: ExitCode.cellFailed,
    },
  )
}

/** Bytes, holes included, files of several links once. */
function lengthOfFiles(directory: string, seen: Set<number>): number {
  let length = 0
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = `${directory}/${entry.name}`
    if (entry.isDirectory()) length += lengthOfFiles(path, seen)
    if (!entry.isFile()) continue
    const { ino, size } = lstatSync(path)
    if (!seen.has(ino)) length += size
    seen.add(ino)
  }
  return length
}
