/** Files beneath loop devices through whose page cache the device reads. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { errnoOf } from '../contracts/syscalls.ts'

/**
 * The backing files of those devices that are loop devices, apart from those with direct I/O, which passes the page
 * cache by. Whether a device has it, the kernel says: asked for, it may be refused (drivers/block/loop.c, lo_can_use_dio).
 */
export function cachedBackingFiles(devices: readonly string[]): string[] {
  return devices.flatMap((device) => {
    const loop = `/sys/class/block/${basename(device)}/loop`
    if (attribute(`${loop}/dio`) !== '0') return []
    const file = attribute(`${loop}/backing_file`)
    return file === null ? [] : [file]
  })
}

/** Null where the device is no loop device, or is free. */
function attribute(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trimEnd()
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw error
  }
}
