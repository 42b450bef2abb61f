import type { IoCounters, Sample } from '../../harness/contracts/sample.ts'
import { median } from '../../harness/statistics/quantile.ts'
import type { PhaseInfo } from './figures.ts'
import { LEDGER_IDS, type Ledger, type LedgerEntries, type LedgerId, type PerObject } from './ledger.ts'
import { ioOf } from './phases.ts'

/** How the entries are read from counters of a device; null where they were not counted. */
const READ: Readonly<Record<LedgerId, (io: IoCounters) => number | null>> = {
  flushes: ({ flushes }) => flushes,
  fuaWrites: ({ fuaWrites }) => fuaWrites ?? null,
  bytesWritten: ({ bytesWritten }) => bytesWritten,
  requests: ({ reads, writes }) => reads + writes,
}

/** Collects the entries of one phase, or of all, sample by sample. */
class EntriesCollector {
  readonly #values: Record<LedgerId, number[]> = {
    flushes: [],
    fuaWrites: [],
    bytesWritten: [],
    requests: [],
  }

  add(io: IoCounters | null, objects: number): void {
    if (io === null) return
    for (const id of LEDGER_IDS) {
      const count = READ[id](io)
      if (count !== null) this.#values[id].push(count / objects)
    }
  }

  /** Null where nothing was counted at all. */
  entries(): LedgerEntries | null {
    const entries = LEDGER_IDS.map((id) => [id, perObject(this.#values[id])] as const)
    if (entries.every(([, entry]) => entry === null)) return null
    return Object.fromEntries(entries) as LedgerEntries
  }
}

/** Collects the ledger of one cell. Samples of work that changes nothing have no part in it. */
export class LedgerCollector {
  readonly #inAll = new EntriesCollector()
  readonly #byPhase: ReadonlyMap<string, { phase: PhaseInfo; entries: EntriesCollector }>
  readonly #objects: number[] = []
  #word = ''
  #uncounted: Readonly<Record<string, string>> = {}

  constructor(phases: readonly PhaseInfo[]) {
    this.#byPhase = new Map(phases.map((phase) => [phase.id, { phase, entries: new EntriesCollector() }]))
  }

  add(sample: Sample): void {
    const changed = sample.witness?.changed
    if (changed == null) return
    const { objects, word } = changed
    this.#objects.push(objects)
    this.#word = word
    this.#uncounted = { ...this.#uncounted, ...sample.uncounted }
    this.#inAll.add(sample.io['total'] ?? null, objects)
    for (const { phase, entries } of this.#byPhase.values()) entries.add(ioOf(sample, phase), objects)
  }

  ledger(): Ledger | null {
    const inAll = this.#inAll.entries()
    const objects = median(this.#objects)
    if (inAll === null || objects === null) return null
    return { word: this.#word, objects, inAll, uncounted: this.#uncounted }
  }

  /** Entries of one phase; null where nothing was counted in it. */
  phase(id: string): LedgerEntries | null {
    return this.#byPhase.get(id)?.entries.entries() ?? null
  }
}

function perObject(values: readonly number[]): PerObject | null {
  const middle = median(values)
  if (middle === null) return null
  const [least, most] = values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  )
  return { n: values.length, median: middle, least, most, exact: values.length > 1 && least === most }
}
