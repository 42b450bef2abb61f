import type { Run } from '../../harness/contracts/run.ts'
import { formatShare, joinList, plural } from '../format/format.ts'
import { groupBy } from '../summary/group-by.ts'
import { medianInterval } from '../../harness/statistics/median-interval.ts'
import type { PhaseSummary } from '../summary/figures.ts'
import type { CellSummary, Summary } from '../summary/types.ts'
import { ROUNDS_FOR_A_RESULT, type Sentence } from './sentence.ts'

const STATE_WORDS: Readonly<Record<Exclude<Run['state'], 'completed'>, string>> = {
  interrupted: 'This run was interrupted',
  running: 'This run has not finished',
  failed: 'This run failed',
}

/** A run that did not come to its end, before anything else is said. */
export function describeState({ run, cells, samples }: Summary): Sentence[] {
  if (run.state === 'completed') return []
  const measured = cells.filter((cell) => cell.samples.completed > 0).length
  const text =
    `${STATE_WORDS[run.state]}: ${measured} of ${plural(cells.length, 'cell')} have samples, ` +
    `${plural(samples.completed, 'sample')} in all. What follows is what there is.`
  return [{ tone: 'state', scenario: null, text }]
}

/** A run of so few rounds that it is a look and not yet a result. */
export function describeQuickLook({ rounds }: Summary): Sentence[] {
  if (rounds === 0 || rounds >= ROUNDS_FOR_A_RESULT) return []
  const coverage = medianInterval(Array.from({ length: rounds }, (_, round) => round))?.coverage
  const intervals =
    coverage === undefined
      ? 'one round has no interval'
      : `its intervals cover the median with ${formatShare(coverage)}`
  const text = `A quick look: ${plural(rounds, 'round')}, of at least ${ROUNDS_FOR_A_RESULT} for a result; ${intervals}.`
  return [{ tone: 'alarm', scenario: null, text }]
}

/** How far the figures can be trusted. */
export function describeTrust({ samples, ratios, cells }: Summary): Sentence[] {
  const sentences: Sentence[] = []
  if (ratios.tooFewRounds > 0) {
    sentences.push(
      caution(
        `${plural(ratios.all, 'ratio')} judged together can show a difference from ${ratios.roundsToShow} rounds on.`,
      ),
    )
  }
  for (const [count, what] of shapesOf(cells)) {
    if (count > 0) sentences.push(caution(`${plural(count, 'cell')} ${what}`))
  }
  const lost = samples.failed + samples.aborted
  if (lost > 0) {
    const all = plural(samples.completed + lost, 'sample')
    sentences.push(caution(`${lost} of ${all} did not complete. They are counted, not measured.`))
  }
  return sentences
}

/** Reasons not to trust medians alone, and the number of cells that they concern. */
function shapesOf(cells: readonly CellSummary[]): (readonly [count: number, what: string])[] {
  const count = (has: (headline: PhaseSummary) => boolean) =>
    cells.filter(({ headline }) => headline !== null && has(headline)).length
  return [
    [count(({ modes }) => modes.length > 1), 'with more than one mode: see the modes beside the median.'],
    [count(({ drift }) => drift !== null), 'whose figures drift over the run.'],
    [
      count(({ autocorrelation }) => autocorrelation !== null),
      'whose successive rounds resemble each other.',
    ],
  ]
}

/** Returns which configurations did not run, and why; of a run without samples `describeNothing` says it. */
export function describeMissing({ cells, samples }: Summary): Sentence[] {
  if (samples.completed === 0) return []
  const unsupported = groupBy(
    cells.filter(({ state }) => state === 'unsupported'),
    ({ cell, reason }) => `${cell.configuration} (${reason ?? 'no reason was recorded'})`,
  )
  const failed = groupBy(
    cells.filter(({ state }) => state === 'failed'),
    ({ cell }) => `${cell.configuration} in ${cell.scenario}`,
  )
  return [
    ...(unsupported.size === 0 ? [] : [note(`Could not run here: ${joinList([...unsupported.keys()])}.`)]),
    ...(failed.size === 0
      ? []
      : [caution(`Failed: ${joinList([...failed.keys()])}. The reasons are below.`)]),
  ]
}

function caution(text: string): Sentence {
  return { tone: 'caution', scenario: null, text }
}

function note(text: string): Sentence {
  return { tone: 'note', scenario: null, text }
}
