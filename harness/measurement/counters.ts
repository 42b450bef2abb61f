/** Kernel counters of the scratch devices and of the page cache. */
import { closeSync, openSync, readSync } from 'node:fs'
import type { IoCounters } from '../contracts/sample.ts'
import { blockFolder } from '../linux/sysfs.ts'
import { whyNotCounted, type Uncounted } from './uncounted.ts'

const SECTOR = 512

/** Counters of block devices, kept open: reading one takes some 10 µs and is done outside of timed phases. */
export interface DeviceCounters {
  read(): IoCounters
  /** Reasons why counters are null, by the counter's name. */
  readonly uncounted: Uncounted
  /** Requests in flight: sent to the devices and not yet completed. */
  inFlight(): number
  close(): void
}

/** Where a device that delays flushes sends them, and where they wait. */
export interface DelayedFlushes {
  /** A device that takes them and nothing else. */
  flushes: string
  /** The one that delays. */
  above: string
}

/**
 * Fields of /sys/block/DEVICE/stat: Documentation/block/stat.rst. Sectors there are 512 bytes for every device. Flushes that
 * are delayed are added to those of the devices.
 */
export function openDeviceCounters(
  devices: readonly string[],
  delayed: DelayedFlushes | null = null,
): DeviceCounters {
  const openStat = (device: string) => openSync(`${blockFolder(device)}/stat`, 'r')
  const fds = devices.map(openStat)
  const flushes = delayed === null ? null : openStat(delayed.flushes)
  const beside = delayed === null || flushes === null ? [] : [flushes, openStat(delayed.above)]
  const uncounted = whyNotCounted(devices)
  const buffer = Buffer.alloc(512)
  /** The fields of one device, by their number less one. */
  const fieldsOf = (fd: number) => {
    const fields = buffer
      .toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, 0))
      .trim()
      .split(/\s+/)
    return (index: number) => Number(fields[index] ?? 0)
  }
  return {
    uncounted,
    read() {
      const sum = { bytesRead: 0, bytesWritten: 0, reads: 0, writes: 0, flushes: 0 }
      for (const fd of fds) {
        const field = fieldsOf(fd)
        sum.reads += field(0)
        sum.bytesRead += field(2) * SECTOR
        sum.writes += field(4)
        sum.bytesWritten += field(6) * SECTOR
        sum.flushes += field(15)
      }
      // As the writes of nothing that they are asked for by: what block/blk-flush.c makes of them is more or fewer.
      const delayedFlushes = flushes === null ? null : fieldsOf(flushes)(4)
      return {
        ...sum,
        flushes: 'flushes' in uncounted ? null : sum.flushes + (delayedFlushes ?? 0),
        // A device that takes them is among those of which they are not counted.
        fuaWrites: 'fuaWrites' in uncounted ? null : 0,
        ...(delayedFlushes === null ? {} : { delayedFlushes }),
      }
    },
    inFlight: () => [...fds, ...beside].reduce((sum, fd) => sum + fieldsOf(fd)(8), 0),
    close() {
      for (const fd of [...fds, ...beside]) closeSync(fd)
    },
  }
}

export function difference(after: IoCounters, before: IoCounters): IoCounters {
  return combine(after, before, (left, right) => left - right)
}

export function add(left: IoCounters, right: IoCounters): IoCounters {
  return combine(left, right, (one, other) => one + other)
}

function combine(
  left: IoCounters,
  right: IoCounters,
  operation: (left: number, right: number) => number,
): IoCounters {
  const known = (one: number | null | undefined, other: number | null | undefined) =>
    one == null || other == null ? null : operation(one, other)
  return {
    bytesRead: operation(left.bytesRead, right.bytesRead),
    bytesWritten: operation(left.bytesWritten, right.bytesWritten),
    reads: operation(left.reads, right.reads),
    writes: operation(left.writes, right.writes),
    flushes: known(left.flushes, right.flushes),
    fuaWrites: known(left.fuaWrites, right.fuaWrites),
    ...(left.delayedFlushes === undefined || right.delayedFlushes === undefined
      ? {}
      : { delayedFlushes: operation(left.delayedFlushes, right.delayedFlushes) }),
  }
}
