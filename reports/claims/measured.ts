/** Samples of one cell, as claims look at them. */
import type { Cell } from '../../harness/contracts/cell.ts'
import type { ImageInfo } from '../../harness/contracts/run.ts'
import type { Sample } from '../../harness/contracts/sample.ts'
import type { ByRound } from '../../harness/statistics/paired-ratio.ts'
import type { PhaseInfo } from '../summary/figures.ts'
import { valueOf } from '../summary/phases.ts'

/** Values of one figure in all samples of a cell. */
export interface Figure {
  least: number
  median: number
  most: number
}

/** A cell with at least one completed sample. */
export interface Measured {
  readonly cell: Cell
  readonly samples: readonly Sample[]
  /** Null where the run does not know its image. */
  readonly image: ImageInfo | null
  phase(id: string): PhaseInfo
  byRound(phase: string): ByRound
  /** Values of a phase. Throws a `Missing` where a sample has none. */
  value(phase: string): Figure
  /** Values of what is read off each sample. Throws a `Missing` where a sample has none. */
  figure(what: string, of: (sample: Sample) => number | null | undefined): Figure
  /** Mechanism that all samples agree on; null where they do not. */
  mechanism(): string | null
}

/** Something that a claim is judged by is not there. `message`: the reason, in words that follow "because". */
export class Missing extends Error {
  override readonly name = 'Missing'
}

export function measuredCell(
  cell: Cell,
  samples: readonly Sample[],
  phases: readonly PhaseInfo[],
  image: ImageInfo | null,
): Measured {
  function phase(id: string): PhaseInfo {
    const found = phases.find((one) => one.id === id)
    if (found === undefined) throw new Missing(`${nameOf(cell)} reports no ${id}`)
    return found
  }
  function figure(what: string, of: (sample: Sample) => number | null | undefined): Figure {
    const values = samples.map((sample) => of(sample))
    const known = values.filter((value) => value !== null && value !== undefined)
    if (known.length < samples.length)
      throw new Missing(`${nameOf(cell)} does not tell ${what} in every sample`)
    const sorted = known.toSorted((a, b) => a - b)
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] as number
    return { least: at(0), median: at(0.5), most: at(1) }
  }
  return {
    cell,
    samples,
    image,
    phase,
    figure,
    value: (id) => figure(id, (sample) => valueOf(sample, phase(id))),
    byRound(id) {
      const info = phase(id)
      const values = samples.flatMap((sample) => {
        const value = valueOf(sample, info)
        return value === null ? [] : [[sample.round, value] as const]
      })
      return new Map(values)
    },
    mechanism() {
      const seen = new Set(samples.map(({ witness }) => witness?.mechanism ?? null))
      return seen.size === 1 ? ([...seen][0] ?? null) : null
    },
  }
}

export function nameOf({ configuration, scenario, label }: Cell): string {
  return `${configuration} in ${scenario} (${label})`
}
