/** fio's jobs that measure the raw device. Pure. */
import type { DeviceLimit } from '../../contracts/calibration.ts'
import type { FioJob } from '../../contracts/scenario.ts'

const KIB = 1024
const MIB = 1024 ** 2
const BLOCK_SIZES = { sequential: MIB, random: 4 * KIB } as const
const DEEP = 8
/** How often the log of a copy goes over the area: more than a fast device gets through before its time is up. */
const COPY_PASSES = 16

/** fio's engines that keep several I/Os in flight, the one with less work for each first. */
export const ASYNCHRONOUS = ['io_uring', 'libaio'] as const

/** Null: neither works here, so one I/O at a time by pread and pwrite. */
export type Engine = (typeof ASYNCHRONOUS)[number] | null

/** A figure to measure. */
export type Question = Pick<DeviceLimit, 'operation' | 'pattern' | 'blockSize' | 'queueDepth'>

/** The part of the device that is measured on: from its start. Bytes. */
export interface Area {
  device: string
  size: number
}

/** Measurements: each operation in each pattern, with one I/O at a time and with eight. One list per start of fio. */
export function questions(engine: Engine): Question[][] {
  const kinds = [
    ...(['read', 'write', 'write+flush'] as const).flatMap((operation) =>
      (['sequential', 'random'] as const).map((pattern) => ({ operation, pattern })),
    ),
    { operation: 'copy', pattern: 'sequential' } as const,
  ]
  const depths = engine === null ? [1] : [1, DEEP]
  return kinds.map((kind) =>
    depths.map((queueDepth) => ({ ...kind, blockSize: BLOCK_SIZES[kind.pattern], queueDepth })),
  )
}

/** Direct I/O, and nothing that is not there is made: a device that vanished must not become a file in /dev. */
const RAW = { direct: '1', allow_file_create: '0' }

/** Reads one block: whether the engine works is known when it has. */
export function engineJob(engine: NonNullable<Engine>, area: Area): FioJob {
  return {
    name: engine,
    options: { ...RAW, filename: area.device, rw: 'read', bs: '4k', size: '4k', ioengine: engine },
  }
}

/** Writes the area once, to the end, so that whatever is measured afterwards overwrites or reads what is there. */
export function preconditionJob(engine: Engine, area: Area): FioJob {
  return {
    name: 'precondition',
    options: {
      ...RAW,
      filename: area.device,
      rw: 'write',
      bs: String(MIB),
      size: String(area.size),
      end_fsync: '1',
      ...queue(engine, DEEP),
    },
  }
}

/** Options that all jobs share. */
export interface Means {
  engine: Engine
  area: Area
  /** For each figure. */
  seconds: number
  /** Path of the file that holds {@link copyLog}. */
  log: string
}

export function jobFor(question: Question, { engine, area, seconds, log }: Means): FioJob {
  const { operation, pattern, blockSize, queueDepth } = question
  const name = `${operation}-${pattern}-${queueDepth}`
  const runtime = `${Math.round(seconds * 1000)}ms`
  if (operation === 'copy') {
    const replay = { read_iolog: log, replay_no_stall: '1' }
    return { name, options: { ...RAW, ...replay, runtime, ...queue(engine, queueDepth) } }
  }
  const direction = operation === 'read' ? 'read' : 'write'
  const common = {
    ...RAW,
    filename: area.device,
    rw: pattern === 'random' ? `rand${direction}` : direction,
    bs: String(blockSize),
    size: String(area.size),
    time_based: '1',
    runtime,
  }
  if (!flushesEach(question)) {
    const flush = operation === 'write+flush' ? { end_fsync: '1' } : {}
    return { name, options: { ...common, ...flush, ...queue(engine, queueDepth) } }
  }
  // A writer that needs its write durable waits for it: eight at a time are eight writers, not one with a queue.
  const writers = { ioengine: 'psync', thread: '1', numjobs: String(queueDepth), group_reporting: '1' }
  return { name, options: { ...common, fdatasync: '1', ...writers } }
}

/** Each write is followed by a flush of its own, not one for all at the end. */
export function flushesEach({ operation, pattern }: Question): boolean {
  return operation === 'write+flush' && pattern === 'random'
}

function queue(engine: Engine, depth: number): Record<string, string> {
  return engine === null ? { ioengine: 'psync' } : { ioengine: engine, iodepth: String(depth) }
}

/**
 * Returns a copy for fio to replay (HOWTO, "I/O log"): a block read from the first half of the area, the same block written to
 * the second, then the next. So reads and writes are exactly as many, in the order of a copy, and never on the same
 * blocks, where a device's cache would answer the reads.
 */
export function copyLog({ device, size }: Area): string {
  const blocks = Math.floor(size / 2 / MIB)
  const lines = ['fio version 2 iolog', `${device} add`, `${device} open`]
  for (let pass = 0; pass < COPY_PASSES; pass += 1) {
    for (let block = 0; block < blocks; block += 1) {
      lines.push(`${device} read ${block * MIB} ${MIB}`, `${device} write ${(blocks + block) * MIB} ${MIB}`)
    }
  }
  lines.push(`${device} close`)
  return `${lines.join('\n')}\n`
}
