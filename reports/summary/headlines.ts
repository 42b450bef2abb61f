import { outlierIndexes } from '../../harness/statistics/outliers.ts'
import { roundsToShow } from '../../harness/statistics/rounds-to-show.ts'
import type { CellCollector } from './collector.ts'
import { dotsOf } from './dots.ts'
import { hasPlace } from './finite.ts'
import { type Aim, compare, type Comparison, judgeTogether } from './ratio.ts'
import type { HeadlineRatio } from './figures.ts'
import type { RatioCounts } from './types.ts'

/** Compares each cell's headline with its control's, by the cell's id. */
export function compareHeadlines(collectors: ReadonlyMap<string, CellCollector>): Map<string, Comparison> {
  return new Map(
    [...collectors].flatMap(([id, collected]) => {
      const comparison = compareHeadline(collected, collectors.get(collected.cell.control ?? ''))
      return comparison === null ? [] : [[id, comparison] as const]
    }),
  )
}

/** Judges all of a run together. */
export function headlineRatios(
  comparisons: ReadonlyMap<string, Comparison>,
  aim: Aim,
): Map<string, HeadlineRatio> {
  return new Map(
    [...judgeTogether(comparisons, aim)].map(([id, ratio]) => {
      const ratios = (comparisons.get(id)?.paired.logRatios ?? []).map(Math.exp).filter(hasPlace)
      return [id, { ...ratio, dots: dotsOf(ratios, outlierIndexes(ratios)) }]
    }),
  )
}

function compareHeadline(collected: CellCollector, control: CellCollector | undefined): Comparison | null {
  const { headline } = collected
  const other = headline === null ? null : control?.phase(headline.phase.id)
  if (headline === null || control === undefined || other == null) return null
  return compare(collected.byRound(headline), control.byRound(other), { better: headline.phase.better })
}

export function countRatios(ratios: Iterable<HeadlineRatio>): RatioCounts {
  const all = [...ratios]
  const of = (verdict: HeadlineRatio['verdict']) => all.filter((ratio) => ratio.verdict === verdict).length
  return {
    all: all.length,
    different: of('different'),
    notShown: of('not-shown'),
    tooFewRounds: of('too-few-rounds'),
    unconverged: all.filter(({ converged }) => !converged).length,
    roundsToShow: roundsToShow(all.length),
  }
}
