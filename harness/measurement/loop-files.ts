/** Files beneath loop devices through whose page cache the device reads. */
import { blockFolder, isLoopDirect, loopFile } from '../linux/sysfs.ts'

/**
 * Returns the backing files of those devices that are loop devices, apart from those with direct I/O, which passes the page
 * cache by.
 */
export function cachedBackingFiles(devices: readonly string[]): string[] {
  return devices.flatMap((device) => {
    const folder = blockFolder(device)
    if (isLoopDirect(folder) !== false) return []
    const file = loopFile(folder)
    return file === null ? [] : [file]
  })
}
