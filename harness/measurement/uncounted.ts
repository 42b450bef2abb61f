/** Counters that the kernel does not keep of a device, with the reason: one that is missing must not pass for a 0. */
import { existsSync } from 'node:fs'
import { blockFolder, isPartition, readSysfs, wholeDiskFolder } from '../linux/sysfs.ts'

/** Reasons by the name of the counter in a sample's `io`. */
export type Uncounted = Readonly<Partial<Record<'flushes' | 'fuaWrites', string>>>

/** Fields of a stat that ends with flushes: Linux 5.5, Documentation/block/stat.rst. */
const FIELDS_WITH_FLUSHES = 17

/** Returns what of a store's devices is not counted. `folderOf`: the folder of a device below /sys/class/block. */
export function whyNotCounted(
  devices: readonly string[],
  folderOf: (device: string) => string = blockFolder,
): Uncounted {
  if (devices.length === 0) {
    const reason = 'the store is on no block device of its own'
    return { flushes: reason, fuaWrites: reason }
  }
  const first = (why: (device: string, folder: string) => string | null) =>
    devices.map((device) => why(device, folderOf(device))).find((reason) => reason !== null)
  const flushes = first(whyNoFlushes)
  const fuaWrites = first(whyNoFuaWrites)
  return { ...(flushes === undefined ? {} : { flushes }), ...(fuaWrites === undefined ? {} : { fuaWrites }) }
}

/**
 * Linux counts flushes where it sends them to the driver of a whole disk (block/blk-flush.c, blk_account_io_flush), which
 * devices without a queue of requests never pass, and sends none to a device without a volatile write cache.
 */
function whyNoFlushes(device: string, folder: string): string | null {
  if (isPartition(folder)) return `Linux counts no flushes of a partition (${device})`
  if (!existsSync(`${folder}/mq`))
    return `Linux counts no flushes of ${device}, which has no queue of requests`
  const fields = readSysfs(`${folder}/stat`)?.split(/\s+/).length ?? 0
  if (fields < FIELDS_WITH_FLUSHES) return 'the kernel is older than Linux 5.5 and counts no flushes'
  if (readSysfs(`${folder}/queue/write_cache`) === 'write through') {
    return `Linux sends no flushes to ${device}, which says that it has no volatile write cache`
  }
  return null
}

/**
 * To a device that takes no FUA writes, as a loop device, the kernel sends a write and a flush for each
 * (Documentation/block/writeback_cache_control.rst). Those of a device that takes them are in no counter of the kernel.
 */
function whyNoFuaWrites(device: string, folder: string): string | null {
  const takesThem = readSysfs(`${wholeDiskFolder(folder)}/queue/fua`)
  if (takesThem === '0') return null
  return takesThem === null
    ? `the kernel does not say whether ${device} takes FUA writes`
    : `${device} takes FUA writes, and Linux counts them as writes only`
}
