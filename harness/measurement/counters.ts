/** What the kernel counts at the scratch devices and in the page cache. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { basename } from 'node:path'
import type { IoCounters } from '../contracts/run.ts'

const SECTOR = 512

/** Counters of block devices, kept open: reading one takes some 10 µs and is done outside of timed phases. */
export interface DeviceCounters {
  read(): IoCounters
  /** Requests that the devices have not answered yet. */
  inFlight(): number
  close(): void
}

/** Fields of /sys/block/DEVICE/stat: Documentation/block/stat.rst. Sectors there are 512 bytes for every device. */
export function openDeviceCounters(devices: readonly string[]): DeviceCounters {
  const fds = devices.map((device) => openSync(`/sys/class/block/${basename(device)}/stat`, 'r'))
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
      return sum
    },
    inFlight: () => fds.reduce((sum, fd) => sum + fieldsOf(fd)(8), 0),
    close() {
      for (const fd of fds) closeSync(fd)
    },
  }
}

export function difference(after: IoCounters, before: IoCounters): IoCounters {
  return {
    bytesRead: after.bytesRead - before.bytesRead,
    bytesWritten: after.bytesWritten - before.bytesWritten,
    reads: after.reads - before.reads,
    writes: after.writes - before.writes,
    flushes: after.flushes - before.flushes,
  }
}

export function add(left: IoCounters, right: IoCounters): IoCounters {
  return {
    bytesRead: left.bytesRead + right.bytesRead,
    bytesWritten: left.bytesWritten + right.bytesWritten,
    reads: left.reads + right.reads,
    writes: left.writes + right.writes,
    flushes: left.flushes + right.flushes,
  }
}

/** Bytes in the page cache of the whole host: `Cached` of /proc/meminfo. */
export function pageCacheBytes(): number {
  const match = /^Cached:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))
  return Number(match?.[1] ?? 0) * 1024
}
