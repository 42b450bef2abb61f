import { moreRounds } from '../format/answer.ts'
import { median } from '../../harness/statistics/quantile.ts'
import { SAME } from '../../harness/contracts/options.ts'
import { formatCount, formatShare, joinList, plural } from '../format/format.ts'
import { formatInjected } from '../format/injected.ts'
import type { Summary } from '../summary/types.ts'
import type { Sentence } from './sentence.ts'

/** How the comparisons of the run came out, all in one. */
export function describeComparisons(summary: Summary): Sentence[] {
  const { run, cells, rounds } = summary
  const answers = cells.flatMap(({ ratio }) => ratio?.answer.is ?? [])
  if (answers.length === 0) return []
  const counted = KINDS.flatMap(({ is, words }) => {
    const count = answers.filter((answer) => answer === is).length
    return count === 0 ? [] : [`${formatCount(count)} ${words}`]
  })
  const about = run.options.same === SAME ? '' : `; about the same: within ${formatShare(run.options.same)}`
  const text = `${plural(rounds, 'round')}. Of ${plural(answers.length, 'comparison')} with a control: ${joinList(counted)}${neededText(summary)}${about}.`
  return [{ tone: 'overview', scenario: null, text }]
}

/** About how long it takes until half of what is open is known; empty where that cannot be told. */
function neededText(summary: Summary): string {
  const rounds = summary.cells.flatMap(({ ratio }) =>
    ratio?.answer.is === 'open' && ratio.answer.rounds !== null ? [ratio.answer.rounds - ratio.pairs] : [],
  )
  const needed = moreRounds(Math.ceil(median(rounds) ?? 0), summary)
  return needed === '' ? '' : `; half of them would be in ${needed}`
}

const KINDS = [
  { is: 'dearer', words: 'dearer' },
  { is: 'cheaper', words: 'cheaper' },
  { is: 'same', words: 'about the same' },
  { is: 'open', words: 'not known yet' },
] as const

/** Returns what was done on purpose to make figures worse: such a run tests the harness and says nothing about drivers. */
export function describeInjected({ run }: Summary): Sentence[] {
  const { injected, load } = run.options
  const delays = Object.entries(injected).map(
    ([configuration, one]) => `${configuration} ${formatInjected(one)}`,
  )
  return [
    ...(delays.length === 0 ? [] : [alarm(`Delay injected on purpose: ${joinList(delays)}.`)]),
    ...(load === 'none' ? [] : [alarm('A second process disturbed the disk on purpose all the while.')]),
  ]
}

function alarm(text: string): Sentence {
  return { tone: 'alarm', scenario: null, text }
}
