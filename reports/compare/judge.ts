import { holm } from '../../harness/statistics/multiple-testing.ts'
import {
  type IndependentRatio,
  independentRatio,
  independentSameP,
} from '../../harness/statistics/independent-ratio.ts'
import { ALPHA } from '../../harness/statistics/detection.ts'
import type { PhaseInfo } from '../summary/figures.ts'
import type { ComparedRatio, Verdict } from './types.ts'

/** The values of a cell's headline in either run. */
export interface Headlines {
  baseline: readonly number[]
  candidate: readonly number[]
  /** Relative change from which on a difference counts. */
  threshold: number
  better: PhaseInfo['better']
}

/**
 * Compares the cells' headlines and judges them together, so that the chance that any difference shown is one by chance
 * stays at {@link ALPHA} for the whole comparison (Holm). `same`: the margin within which two costs are about the same; that any such answer is wrong has a chance of
 * {@link ALPHA}, too. Cells of which a run has no samples are left out.
 */
export function judgeTogether<K>(headlines: ReadonlyMap<K, Headlines>, same: number): Map<K, ComparedRatio> {
  const compared = [...headlines].flatMap(([key, { baseline, candidate, better, threshold }]) => {
    const ratio = independentRatio(candidate, baseline)
    if (ratio === null) return []
    return [{ key, better, threshold, ratio, pSame: independentSameP(candidate, baseline, same) }]
  })
  const adjusted = holm(compared.map(({ ratio }) => ratio.p))
  const adjustedSame = holm(compared.map(({ pSame }) => pSame))
  return new Map(
    compared.map(({ key, better, threshold, ratio }, index) => {
      const pAdjusted = adjusted[index] ?? 1
      const verdict = judge({ ...ratio, pAdjusted }, better, threshold, compared.length)
      const answer = answerOf(verdict, adjustedSame[index] ?? 1)
      const isShownNotWorse = costAtMost(ratio, better) < 1 + threshold
      return [key, { ...ratio, pAdjusted, verdict, answer, isShownNotWorse }]
    }),
  )
}

function judge(
  ratio: IndependentRatio & { pAdjusted: number },
  better: PhaseInfo['better'],
  threshold: number,
  comparisons: number,
): Verdict {
  if (ratio.low === null || ratio.leastP * comparisons >= ALPHA) return 'too-few-rounds'
  if (ratio.pAdjusted >= ALPHA || !excludes1(ratio) || ratio.ratio === null) return 'not-shown'
  // A rate of 0 costs infinitely more than any other, and a time of 0 nothing.
  const cost = better === 'lower' ? ratio.ratio : 1 / ratio.ratio
  if (cost > 1 + threshold) return 'regression'
  return 1 / cost > 1 + threshold ? 'improvement' : 'within-threshold'
}

/** Returns the upper end of the interval of the cost: a lower rate costs more. Infinity without an interval. */
function costAtMost({ low, high }: IndependentRatio, better: PhaseInfo['better']): number {
  if (low === null || high === null) return Infinity
  return better === 'lower' ? high : 1 / low
}

function answerOf(verdict: Verdict, pSame: number): ComparedRatio['answer'] {
  if (verdict === 'regression') return 'dearer'
  if (verdict === 'improvement') return 'cheaper'
  return pSame < ALPHA ? 'same' : 'open'
}

function excludes1({ low, high }: IndependentRatio): boolean {
  return low !== null && high !== null && (low > 1 || high < 1)
}
