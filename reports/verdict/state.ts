import type { Run } from '../../harness/contracts/run.ts'
import { formatShare, joinList, plural } from '../format.ts'
import { groupBy } from '../group-by.ts'
import { medianRanks } from '../../harness/statistics/median-interval.ts'
import type { Summary } from '../summary/types.ts'
import { ROUNDS_FOR_A_RESULT, type Sentence } from './sentence.ts'

const STATE_WORDS: Readonly<Record<Exclude<Run['state'], 'completed'>, string>> = {
  interrupted: 'This run was interrupted',
  running: 'This run has not ended',
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

/** How far the figures can be trusted. */
export function describeTrust({ rounds, samples }: Summary): Sentence[] {
  const sentences: Sentence[] = []
  if (rounds > 0 && rounds < ROUNDS_FOR_A_RESULT) {
    const coverage = medianRanks(rounds)?.coverage
    const intervals =
      coverage === undefined
        ? 'one round has no interval'
        : `its intervals cover the median with ${formatShare(coverage)}`
    sentences.push(
      caution(
        `A quick look: ${plural(rounds, 'round')}, of at least ${ROUNDS_FOR_A_RESULT} for a result; ${intervals}.`,
      ),
    )
  }
  const lost = samples.failed + samples.aborted
  if (lost > 0) {
    const all = plural(samples.completed + lost, 'sample')
    sentences.push(caution(`${lost} of ${all} did not complete. They are counted, not measured.`))
  }
  return sentences
}

/** Configurations that did not run, and why. */
export function describeMissing({ cells }: Summary): Sentence[] {
  const unsupported = groupBy(
    cells.filter(({ state }) => state === 'unsupported'),
    ({ cell, reason }) => `${cell.driver} (${reason ?? 'no reason was recorded'})`,
  )
  const failed = groupBy(
    cells.filter(({ state }) => state === 'failed'),
    ({ cell }) => `${cell.driver} in ${cell.scenario}`,
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
