import { detectableEffect } from '../../harness/statistics/detectable-effect.ts'
import { ALPHA } from '../../harness/statistics/detection.ts'
import { holm } from '../../harness/statistics/multiple-testing.ts'
import type { RunOptions } from '../../harness/contracts/options.ts'
import { answerTogether, type Answered, type Question } from '../../harness/statistics/answers.ts'
import type { Interval } from '../../harness/statistics/median-interval.ts'
import { type ByRound, pairedRatio, type PairedRatio } from '../../harness/statistics/paired-ratio.ts'
import { relativeWidthOf } from '../../harness/statistics/precision.ts'
import { halfWidthOf, isSettled } from '../../harness/statistics/settled.ts'
import { finite } from './finite.ts'
import { judge } from './judgement.ts'
import type { AimedRatio, PhaseInfo, Ratio } from './figures.ts'

/** Ratio of one cell to another, before it is judged together with others. */
export interface Comparison {
  paired: PairedRatio
  /** How well it is known, as the stopping rule sees it; null where the rule has no interval to look at. */
  width: number | null
  /** Which values cost less. */
  better: PhaseInfo['better']
  /** Out of how many it was picked for its result: 1 where it was fixed before. */
  pickedFrom: number
}

/** Null where no round has both. */
export function compare(
  cell: ByRound,
  control: ByRound,
  { better, pickedFrom = 1 }: { better: PhaseInfo['better']; pickedFrom?: number },
): Comparison | null {
  const paired = pairedRatio(cell, control)
  return paired === null ? null : { paired, width: relativeWidthOf(cell, control), better, pickedFrom }
}

/** A ratio by itself. Null where no round has both. */
export function ratioAlone(cell: ByRound, control: ByRound): Ratio | null {
  const paired = pairedRatio(cell, control)
  return paired === null ? null : ratioOf(paired, null, 1)
}

/** What a run asks of its ratios. */
export type Aim = Pick<RunOptions, 'precision' | 'same'>

/**
 * Judges ratios together, so that the probability of any false difference among them stays at
 * {@link ALPHA}: Holm's method over all, after Bonferroni's for each that was picked out of several. `lenders`: comparisons of
 * the run that are judged elsewhere; they lend their noise.
 */
export function judgeTogether<K>(
  comparisons: ReadonlyMap<K, Comparison>,
  aim: Aim,
  lenders: readonly Comparison[] = [],
): Map<K, AimedRatio> {
  const tested = [...comparisons].filter(([, { paired }]) => paired.p !== null)
  const adjusted = holm(tested.map(([, { paired, pickedFrom }]) => Math.min(1, (paired.p ?? 1) * pickedFrom)))
  const byKey = new Map(tested.map(([key], index) => [key, adjusted[index] ?? null]))
  const together = Math.max(tested.length, 1)
  const answered = answerTogether(
    [...comparisons.values()].map(questionOf),
    aim.same,
    lenders.map(({ paired }) => paired.logRatios),
  )
  return new Map(
    [...comparisons].map(([key, comparison], index) => {
      const { paired, pickedFrom } = comparison
      const ratio = ratioOf(paired, byKey.get(key) ?? null, together * pickedFrom)
      return [key, aimed(ratio, comparison, answered[index] as Answered, aim)]
    }),
  )
}

/** A rate that is lower costs more. */
function questionOf({ paired: { logRatios }, better, pickedFrom }: Comparison): Question {
  return {
    logRatios: better === 'higher' ? logRatios.map((logRatio) => -logRatio) : logRatios,
    pickedFrom,
  }
}

/** Adds the answer, and the interval that it rests on. */
function aimed(ratio: Ratio, { width, better }: Comparison, answered: Answered, aim: Aim): AimedRatio {
  const { answer, interval, disagrees } = answered
  const halfWidth = width ?? halfWidthOf(answered)
  const shown = interval === null ? ratio : { ...ratio, ...intervalOf(interval, better) }
  return {
    ...shown,
    answer,
    disagrees,
    halfWidth,
    converged: isSettled(answered, { ratio: ratio.ratio, halfWidth }, aim.precision),
  }
}

function intervalOf({ low, high, coverage }: Interval, better: PhaseInfo['better']) {
  const [from, to] = better === 'higher' ? [-high, -low] : [low, high]
  return { low: Math.exp(from), high: Math.exp(to), coverage }
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
