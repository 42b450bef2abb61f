/** Files beneath loop devices through whose page cache the device reads. */
import { basename } from 'node:path'
import { attribute } from './sysfs.ts'

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
