/** What each sample counts in the details of its witness, over the samples of a cell. */
import type { Tally } from '../../harness/contracts/phase.ts'
import type { Sample } from '../../harness/contracts/sample.ts'
import { counterOf, type Counter } from './counters.ts'
import { NumberColumn } from './number-column.ts'

export interface TallySummary {
  title: string
  /** Null where no sample counted it: a driver may not be able to tell. */
  count: Counter | null
  /** Bytes of what was counted; null where they were not. */
  bytes: Counter | null
}

/** Collects the tallies of one cell, sample by sample. */
export class TallyCollector {
  readonly #tallies: readonly { tally: Tally; count: NumberColumn; bytes: NumberColumn }[]

  constructor(tallies: readonly Tally[]) {
    this.#tallies = tallies.map((tally) => ({ tally, count: new NumberColumn(), bytes: new NumberColumn() }))
  }

  add(sample: Sample): void {
    for (const { tally, count, bytes } of this.#tallies) {
      count.push(numberIn(sample, tally.id))
      bytes.push(tally.bytes === undefined ? null : numberIn(sample, tally.bytes))
    }
  }

  summaries(): TallySummary[] {
    return this.#tallies.map(({ tally, count, bytes }) => ({
      title: tally.title,
      count: counterOf(count),
      bytes: counterOf(bytes),
    }))
  }
}

function numberIn({ witness }: Sample, detail: string): number | null {
  const value = witness?.details?.[detail]
  return typeof value === 'number' ? value : null
}
