/** Cuts a long run into trials of few rounds, as many short runs would have been, and judges each as a report would. */
import { answerTogether } from './answers.ts'
import { ALPHA, finding } from './detection.ts'
import { differenceP, moderate } from './moderated.ts'

/** What was found of one comparison in one trial. */
export interface TrialFinding {
  /** By the signed-rank test of this comparison alone, at 5 %. */
  byRanks: boolean
  /** By the moderated test of this comparison, to which the others of the trial lend their noise, at 5 %. */
  byModel: boolean
  /** By the answers that are given to all comparisons of the trial together. */
  answer: 'dearer' | 'cheaper' | 'same' | 'open'
}

/**
 * Returns for each trial of `size` successive rounds what was found of each comparison, in the order given. `families`: log
 * ratios of each comparison, a value a round. Whatever is left of the rounds at the end is no trial.
 */
export function judgeTrials(
  families: readonly (readonly number[])[],
  size: number,
  same: number,
): TrialFinding[][] {
  const rounds = Math.min(Infinity, ...families.map(({ length }) => length))
  const count = Number.isFinite(rounds) ? Math.floor(rounds / size) : 0
  return Array.from({ length: count }, (_, trial) =>
    judgeTrial(
      families.map((logRatios) => logRatios.slice(trial * size, (trial + 1) * size)),
      same,
    ),
  )
}

function judgeTrial(families: readonly (readonly number[])[], same: number): TrialFinding[] {
  const answers = answerTogether(
    families.map((logRatios) => ({ logRatios, pickedFrom: 1 })),
    same,
  )
  const { comparisons } = moderate(families)
  return families.map((logRatios, index) => {
    const moderated = comparisons[index]
    return {
      byRanks: finding(logRatios) !== 0,
      byModel: moderated !== undefined && differenceP(moderated) < ALPHA,
      answer: answers[index]?.answer.is ?? 'open',
    }
  })
}
