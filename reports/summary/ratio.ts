import { detectableEffect } from '../../harness/statistics/detectable-effect.ts'
import { ALPHA } from '../../harness/statistics/detection.ts'
import { holm } from '../../harness/statistics/multiple-testing.ts'
import { type ByRound, pairedRatio, type PairedRatio } from '../../harness/statistics/paired-ratio.ts'
import { relativeHalfWidth, relativeWidthOf } from '../../harness/statistics/precision.ts'
import { finite } from './finite.ts'
import { judge } from './judgement.ts'
import type { AimedRatio, Ratio } from './figures.ts'

/** Ratio of one cell to another, before it is judged together with others. */
export interface Comparison {
  paired: PairedRatio
  /** How well it is known, as the stopping rule sees it; null where the rule has no interval to look at. */
  width: number | null
  /** Out of how many it was picked for its result: 1 where it was fixed before. */
  pickedFrom: number
}

/** Null where no round has both. */
export function compare(cell: ByRound, control: ByRound, pickedFrom = 1): Comparison | null {
  const paired = pairedRatio(cell, control)
  return paired === null ? null : { paired, width: relativeWidthOf(cell, control), pickedFrom }
}

/** A ratio by itself. Null where no round has both. */
export function ratioAlone(cell: ByRound, control: ByRound): Ratio | null {
  const paired = pairedRatio(cell, control)
  return paired === null ? null : ratioOf(paired, null, 1)
}

/**
 * Judges ratios together, so that the probability of any false difference among them stays at
 * {@link ALPHA}: Holm's method over all, after Bonferroni's for each that was picked out of several. `precision`: the
 * relative half-width that they are to be known to.
 */
export function judgeTogether<K>(
  comparisons: ReadonlyMap<K, Comparison>,
  precision: number,
): Map<K, AimedRatio> {
  const tested = [...comparisons].filter(([, { paired }]) => paired.p !== null)
  const adjusted = holm(tested.map(([, { paired, pickedFrom }]) => Math.min(1, (paired.p ?? 1) * pickedFrom)))
  const byKey = new Map(tested.map(([key], index) => [key, adjusted[index] ?? null]))
  const together = Math.max(tested.length, 1)
  return new Map(
    [...comparisons].map(([key, { paired, width, pickedFrom }]) => [
      key,
      {
        ...ratioOf(paired, byKey.get(key) ?? null, together * pickedFrom),
        halfWidth: width ?? relativeHalfWidth(paired),
        converged: width !== null && width <= precision,
      },
    ]),
  )
}

/** `comparisons`: how many are judged together, those that it was picked from among them. */
function ratioOf(paired: PairedRatio, pAdjusted: number | null, comparisons: number): Ratio {
  const { logRatios, ...ratio } = paired
  const verdict = judge({ ...ratio, p: pAdjusted ?? ratio.p, comparisons })
  const canBeShown = verdict !== 'too-few-rounds'
  return {
    ...ratio,
    pAdjusted,
    verdict,
    detectable: canBeShown ? finite(detectableEffect(logRatios, { alpha: ALPHA / comparisons })) : null,
  }
}
