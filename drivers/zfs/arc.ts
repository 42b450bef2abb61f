/**
 * The limit of the ARC, in which ZFS caches instead of in the page cache. It is one for the whole host: set while a store
 * is open, and put back afterwards.
 *
 * Without a limit of ours it would be what the version of ZFS takes for right: half of the memory up to 2.2, nearly all
 * of it from 2.3 on.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { BenchError, ExitCode } from '../../harness/contracts/error.ts'
import type { Host, JournalEntry } from '../../harness/contracts/host.ts'
import { formatSize } from '../../harness/contracts/units.ts'

/** The module's parameter and counters. Another than the kernel's only under test. */
export interface Arc {
  /** The parameter's file. */
  readonly path: string
  /** Value of the parameter, in bytes; 0: the module's own choice. */
  parameter(): string
  set(parameter: string): void
  /** `size`, `c_max`: bytes. */
  counter(name: string): number
}

const COUNTERS = '/proc/spl/kstat/zfs/arcstats'

export const kernelArc: Arc = {
  path: '/sys/module/zfs/parameters/zfs_arc_max',
  parameter: () => readFileSync(kernelArc.path, 'utf8').trim(),
  set: (parameter) => writeFileSync(kernelArc.path, parameter),
  counter: (name) => counterIn(readFileSync(COUNTERS, 'utf8'), name),
}

/** A line each: name, type, value. */
export function counterIn(counters: string, name: string): number {
  const match = new RegExp(`^${name}\\s+\\d+\\s+(\\d+)$`, 'm').exec(counters)
  if (match === null) throw new Error(`the ARC has no counter ${name}`)
  return Number(match[1])
}

const MEBIBYTE = 1024 ** 2

interface Limit {
  bytes: number
  /** How many open stores of this process it is for. */
  stores: number
  putBack(): void
}

/** The limit is the host's, and stores are open side by side. */
const limits = new Map<Arc, Limit>()

/** Bytes: half of the host's memory, in whole mebibytes. */
export function halfOfMemory(): number {
  return Math.floor(totalmem() / 2 / MEBIBYTE) * MEBIBYTE
}

/**
 * Limits the ARC, and returns what gives the limit up: with the last of the stores that want it, the old one is put
 * back. Throws `driver.arc-limit` where another store wants another limit, or where ZFS does not take it.
 */
export function limitArc(host: Pick<Host, 'journal'>, arc: Arc, bytes: number): () => void {
  const limit = limits.get(arc) ?? { bytes, stores: 0, putBack: setLimit(host, arc, bytes) }
  if (limit.bytes !== bytes) {
    throw refused(
      `the ARC is already limited to ${formatSize(limit.bytes)} for another configuration, and all of them share it`,
      'give all zfs configurations of a run the same +arc=SIZE',
    )
  }
  limits.set(arc, limit)
  limit.stores += 1
  return () => {
    limit.stores -= 1
    if (limit.stores > 0) return
    limits.delete(arc)
    limit.putBack()
  }
}

/**
 * What was in force is written before what the parameter held: a parameter of 0 leaves in force what is
 * (module/zfs/arc.c, arc_tuning_update). The journal is undone from its end, so in the same order.
 */
function setLimit(host: Pick<Host, 'journal'>, arc: Arc, bytes: number): () => void {
  const parameter = arc.parameter()
  const inForce = String(arc.counter('c_max'))
  const entries: JournalEntry[] = [
    // What is undone last finds what the other wrote.
    ...(parameter === inForce ? [] : [{ value: parameter, set: inForce }]),
    { value: inForce, set: String(bytes) },
  ].map((what) => ({ kind: 'parameter', path: arc.path, ...what }))
  const putBack = () => {
    arc.set(inForce)
    arc.set(parameter)
    for (const entry of entries.toReversed()) host.journal.forget(entry)
  }
  for (const entry of entries) host.journal.record(entry)
  try {
    arc.set(String(bytes))
    const now = arc.counter('c_max')
    if (now !== bytes) {
      throw refused(
        `ZFS keeps the ARC's limit at ${formatSize(now)}; ${formatSize(bytes)} was requested`,
        'it must be at least 64M, more than 1/32 of the memory, and less than the memory',
      )
    }
    return putBack
  } catch (error) {
    putBack()
    throw error
  }
}

function refused(message: string, hint: string): BenchError {
  return new BenchError(message, { code: 'driver.arc-limit', hint, exitCode: ExitCode.cellFailed })
}
