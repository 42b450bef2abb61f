import { headlinePhase } from '../../harness/contracts/phase.ts'
import type { Cell } from '../../harness/contracts/cell.ts'
import type { Sample } from '../../harness/contracts/sample.ts'
import type { ScenarioInfo } from '../../harness/contracts/run.ts'
import type { Warning } from '../../harness/contracts/warning.ts'
import type { ByRound } from '../../harness/statistics/paired-ratio.ts'
import { COUNTER_IDS, COUNTERS, type CounterId } from './counters.ts'
import { LedgerCollector } from './ledger-collector.ts'
import { NumberColumn } from './number-column.ts'
import { bytesReadIn, bytesWrittenIn, delayedFlushesIn, phasesOf, valueOf } from './phases.ts'
import type { PhaseInfo } from './figures.ts'
import type { SampleCounts } from './sample-counts.ts'
import { TallyCollector } from './tallies.ts'
import { WarningCounter } from './warnings.ts'

/** One phase over the completed samples of a cell. */
export interface PhaseColumns {
  phase: PhaseInfo
  values: NumberColumn
  /** Bytes at the scratch device during the phase. */
  written: NumberColumn
  /** The same of bytes read; kept of phases whose limit is that of reading. */
  read: NumberColumn | null
}

/** Returns a phase of a cell by round, by their ids; the headline where no phase is named. */
export type ValuesOf = (cellId: string, phaseId?: string) => ByRound

/** Collector of one cell's samples while they are read: it keeps numbers, never the samples. */
export class CellCollector {
  readonly cell: Cell
  readonly phases: readonly PhaseColumns[]
  /** The one that the verdict speaks of; null only for a cell without phases. */
  readonly headline: PhaseColumns | null
  readonly counts: SampleCounts = { completed: 0, failed: 0, aborted: 0 }
  readonly counters: Readonly<Record<CounterId, NumberColumn>>
  readonly ledger: LedgerCollector
  readonly tallies: TallyCollector
  readonly mechanisms = new Map<string, number>()
  readonly warnings = new WarningCounter()
  /** Flushes within the headline that were delayed on purpose. */
  readonly delayedFlushes = new NumberColumn()
  readonly #rounds = new NumberColumn()

  constructor(cell: Cell, scenario: ScenarioInfo) {
    this.cell = cell
    this.phases = phasesOf(cell, scenario).map((phase) => ({
      phase,
      values: new NumberColumn(),
      written: new NumberColumn(),
      read: phase.limit?.operation === 'read' ? new NumberColumn() : null,
    }))
    this.ledger = new LedgerCollector(this.phases.map(({ phase }) => phase))
    this.tallies = new TallyCollector(scenario.tallies ?? [])
    const headline = headlinePhase(this.phases.map(({ phase }) => phase))
    this.headline = this.phases.find(({ phase }) => phase === headline) ?? null
    this.counters = Object.fromEntries(COUNTER_IDS.map((id) => [id, new NumberColumn()])) as Record<
      CounterId,
      NumberColumn
    >
  }

  /** Figures are taken from completed samples alone; the others are counted. */
  add(sample: Sample): void {
    this.counts[sample.state] += 1
    for (const warning of onePerCode(sample.warnings)) this.warnings.add(warning, 'sample')
    if (sample.state === 'completed') {
      this.#keep(sample)
      return
    }
    const message = `samples ${sample.state}: ${sample.reason ?? 'no reason was recorded'}`
    this.warnings.add({ code: `sample.${sample.state}`, message }, 'sample')
  }

  #keep(sample: Sample): void {
    this.#rounds.push(sample.round)
    for (const { phase, values, written, read } of this.phases) {
      values.push(valueOf(sample, phase))
      written.push(bytesWrittenIn(sample, phase))
      read?.push(bytesReadIn(sample, phase))
    }
    if (this.headline !== null) this.delayedFlushes.push(delayedFlushesIn(sample, this.headline.phase))
    for (const id of COUNTER_IDS) this.counters[id].push(COUNTERS[id](sample))
    this.ledger.add(sample)
    this.tallies.add(sample)
    const mechanism = sample.witness?.mechanism
    if (mechanism) this.mechanisms.set(mechanism, (this.mechanisms.get(mechanism) ?? 0) + 1)
  }

  /** Values of a phase by the round that they were taken in, for comparison with another cell's. */
  byRound(phase: Pick<PhaseColumns, 'values'> | null): ByRound {
    const values = new Map<number, number>()
    const rounds = this.#rounds.all()
    for (const [index, value] of phase?.values.all().entries() ?? []) {
      if (!Number.isNaN(value)) values.set(rounds[index] as number, value)
    }
    return values
  }

  /** The columns of a phase by its id. A control may report fewer phases, and fewer parts of a sum, than what it is of. */
  phase(id: string): PhaseColumns | null {
    return this.phases.find(({ phase }) => phase.id === id) ?? null
  }
}

function onePerCode(warnings: readonly Warning[]): Iterable<Warning> {
  return warnings.length < 2 ? warnings : new Map(warnings.map((warning) => [warning.code, warning])).values()
}
