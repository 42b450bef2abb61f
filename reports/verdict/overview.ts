import type { Run } from '../../harness/contracts/run.ts'
import { formatShare, joinList, plural } from '../format/format.ts'
import { formatInjected } from '../format/injected.ts'
import type { RatioCounts, Summary } from '../summary/types.ts'
import type { Sentence } from './sentence.ts'

/** How the comparisons of the run came out, all in one. */
export function describeComparisons({ run, ratios }: Summary): Sentence[] {
  if (ratios.all === 0) return []
  const parts = [
    [ratios.different, 'shows a difference', 'show a difference'],
    [ratios.notShown, 'shows none', 'show none'],
    [ratios.tooFewRounds, 'has too few rounds to tell', 'have too few rounds to tell'],
  ] as const
  const told = parts.flatMap(([count, one, many]) =>
    count === 0 ? [] : [`${count} ${count === 1 ? one : many}`],
  )
  const text = `${plural(ratios.all, 'ratio')} to a control: ${joinList(told)}; ${convergence(ratios, run)}.`
  return [{ tone: 'overview', scenario: null, text }]
}

function convergence({ all, unconverged }: RatioCounts, { options }: Run): string {
  const target = `± ${formatShare(options.precision)}`
  const known = all - unconverged
  if (unconverged === 0) return `${all} known to ${target}`
  return `${known} known to ${target}, ${unconverged} unconverged`
}

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
