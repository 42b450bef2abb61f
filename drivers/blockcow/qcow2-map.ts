/**
 * Which parts of its device a qcow2 file holds itself, from its own tables: QEMU, docs/interop/qcow2. A file of ours has
 * neither extended L2 entries nor an external data file.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import type { Range } from '../../harness/contracts/syscalls.ts'

const MAGIC = 0x514649fb
const HEADER_SIZE = 48
const CLUSTER_BITS = 20
const L1_ENTRIES = 36
const L1_OFFSET = 40
const ENTRY = 8
/** Bits 9–55 of an entry: where in the file the table or the cluster lies; 0 where there is none. */
const OFFSET_MASK = 0x00fffffffffffe00n
/** Flag of an L2 entry: the cluster reads as zeros, whatever the backing file holds. */
const READS_AS_ZEROS = 1n

/** Returns the clusters that do not show the backing file, in order. Bytes of the device. What QEMU has flushed counts. */
export function ownClusters(path: string): Range[] {
  const fd = openSync(path, 'r')
  try {
    return clustersOf((position, length) => {
      const data = Buffer.alloc(length)
      readSync(fd, data, 0, length, position)
      return data
    })
  } finally {
    closeSync(fd)
  }
}

function clustersOf(read: (position: number, length: number) => Buffer): Range[] {
  const header = read(0, HEADER_SIZE)
  if (header.readUInt32BE(0) !== MAGIC) throw new Error('not a qcow2 file')
  const cluster = 2 ** header.readUInt32BE(CLUSTER_BITS)
  const perTable = cluster / ENTRY
  const l1 = read(Number(header.readBigUInt64BE(L1_OFFSET)), header.readUInt32BE(L1_ENTRIES) * ENTRY)
  const ranges: Range[] = []
  for (const [table, entry] of entries(l1)) {
    if ((entry & OFFSET_MASK) === 0n) continue
    for (const [index, mapping] of entries(read(Number(entry & OFFSET_MASK), cluster))) {
      if ((mapping & (OFFSET_MASK | READS_AS_ZEROS)) === 0n) continue
      const start = (table * perTable + index) * cluster
      ranges.push({ start, end: start + cluster })
    }
  }
  return ranges
}

function* entries(table: Buffer): Generator<[number, bigint]> {
  for (let index = 0; index < table.length / ENTRY; index += 1) {
    yield [index, table.readBigUInt64BE(index * ENTRY)]
  }
}
