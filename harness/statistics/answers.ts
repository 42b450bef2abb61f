/** What the rounds of a run say of costs, judged together: the four answers. */
import { ALPHA } from './detection.ts'
import {
  differenceP,
  interval as modelInterval,
  moderate,
  type ModeratedEstimate,
  sameP,
} from './moderated.ts'
import type { Interval } from './median-interval.ts'
import { holm } from './multiple-testing.ts'
import { BEYOND_RATIOS } from './paired-ratio.ts'
import { median } from './quantile.ts'
import { ratioInterval } from './ratio-interval.ts'
import { roundsToAnswer } from './rounds-to-answer.ts'
import { roundsToShow } from './rounds-to-show.ts'
import { signedRank } from './signed-rank.ts'

/** Fewest rounds whose order statistics cover 95 %. */
const FEWEST_FOR_RANKS = 6

/** A comparison of two costs. */
export interface Question {
  /** Logarithm of the one cost over the other, a value a round, in order; above 0 where the one is dearer. */
  logRatios: readonly number[]
  /** Out of how many comparisons it was picked for its result: 1 where it was fixed before. */
  pickedFrom: number
}

/** What the rounds say of one cost beside another. */
export type Answer =
  /** `atLeast`: times as much as the other, or the other times as much as it; above 1. */
  | { is: 'dearer' | 'cheaper'; atLeast: number }
  /** Shown to lie within the margin. */
  | { is: 'same' }
  /** `rounds`: about how many it takes in all; null where that cannot be told, or is more than anyone measures. */
  | { is: 'open'; rounds: number | null }

export interface Answered {
  answer: Answer
  /** Interval of the log ratio; null where there is none. */
  interval: Interval | null
  /** Whether the signed-rank test and the moderated test say different things, where there are rounds enough for both. */
  disagrees: boolean
}

/**
 * Answers questions together, so that the probability of any false difference among them stays at {@link ALPHA}, and so
 * does that of any false "about the same". The signed-rank test decides where there are rounds enough for it to show a
 * difference; with fewer the moderated test does, to which all questions lend their noise. `same`: the margin as a share.
 * `lenders`: log ratios of the same run that nothing is asked of here; they lend their noise, too.
 */
export function answerTogether(
  questions: readonly Question[],
  same: number,
  lenders: readonly (readonly number[])[] = [],
): Answered[] {
  const families = [...questions.map(({ logRatios }) => logRatios), ...lenders]
  const comparisons = moderate(families.map(forModel)).comparisons.slice(0, questions.length)
  const byRanks = questions.map(rankP)
  const byModel = comparisons.map((one, index) => timesPicked(differenceP(one), questions[index]))
  const usesRanks = questions.map(
    ({ logRatios, pickedFrom }) => logRatios.length >= roundsToShow(questions.length * pickedFrom),
  )
  const rankAdjusted = holm(byRanks)
  const modelAdjusted = holm(byModel)
  const adjusted = holm(byModel.map((p, index) => (usesRanks[index] ? (byRanks[index] as number) : p)))
  const sameAdjusted = holm(
    comparisons.map((one, index) => timesPicked(sameP(one, Math.log1p(same)), questions[index])),
  )
  return comparisons.map((one, index) => {
    const logRatios = questions[index]?.logRatios ?? []
    const interval = intervalOf(one, logRatios)
    const answer = judge(logRatios, interval, adjusted[index] as number, sameAdjusted[index] as number, same)
    const disagrees =
      (usesRanks[index] ?? false) &&
      (rankAdjusted[index] as number) < ALPHA !== (modelAdjusted[index] as number) < ALPHA
    const alpha = ALPHA / questions.length / (questions[index]?.pickedFrom ?? 1)
    return {
      answer: answer ?? { is: 'open', rounds: roundsToAnswer(one, Math.log1p(same), alpha) },
      interval,
      disagrees,
    }
  })
}

/** A value of 0 among others has no noise that a model could describe: such a comparison is left to the ranks. */
function forModel(logRatios: readonly number[]): readonly number[] {
  const beyond = logRatios.filter((logRatio) => Math.abs(logRatio) >= BEYOND_RATIOS).length
  return beyond === 0 || beyond === logRatios.length ? logRatios : logRatios.map(() => Number.NaN)
}

function rankP(question: Question): number {
  return timesPicked(signedRank(question.logRatios)?.p ?? 1, question)
}

function timesPicked(p: number, question: Question | undefined): number {
  return Math.min(1, p * (question?.pickedFrom ?? 1))
}

/** Returns the interval of the median, and of too few rounds for one the model's, which then holds the median too. */
function intervalOf(one: ModeratedEstimate, logRatios: readonly number[]): Interval | null {
  if (logRatios.length >= FEWEST_FOR_RANKS) return ratioInterval(logRatios)
  const own = modelInterval(one)
  const middle = median(logRatios)
  if (own === null || middle === null) return null
  return { ...own, low: Math.min(own.low, middle), high: Math.max(own.high, middle) }
}

/** Null where neither is shown. What is shown to be about the same is not called dearer, however surely it is. */
function judge(
  logRatios: readonly number[],
  interval: Interval | null,
  p: number,
  pSame: number,
  same: number,
): Answer | null {
  const middle = median(logRatios)
  if (interval === null || middle === null) return null
  const { low, high } = interval
  const margin = Math.log1p(same)
  if (pSame < ALPHA && Math.abs(middle) <= margin && low >= -margin && high <= margin) return { is: 'same' }
  if (p >= ALPHA || (low <= 0 && high >= 0)) return null
  return low > 0 ? { is: 'dearer', atLeast: Math.exp(low) } : { is: 'cheaper', atLeast: Math.exp(-high) }
}
