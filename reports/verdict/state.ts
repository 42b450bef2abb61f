import type { Run } from '../../harness/contracts/run.ts'
import { acceptedText } from '../format/accepted.ts'
import { joinList, plural } from '../format/format.ts'
import { groupBy } from '../summary/group-by.ts'
import type { PhaseSummary } from '../summary/figures.ts'
import type { CellSummary, Summary } from '../summary/types.ts'
import type { Sentence } from './sentence.ts'

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

/** Says that the run was accepted as a baseline, and why. */
export function describeAccepted({ accepted }: Summary): Sentence[] {
  if (accepted == null) return []
  return [{ tone: 'note', scenario: null, text: `This run was ${acceptedText(accepted)}` }]
}

/** What the figures have to be read with, all in one. */
export function describeTrust({ samples, cells }: Summary): Sentence[] {
  const lost = samples.failed + samples.aborted
  const parts = [
    ...marksOf(cells).flatMap(([count, what]) => (count === 0 ? [] : [`${plural(count, 'cell')} ${what}`])),
    ...(lost === 0 ? [] : [`${lost} of ${plural(samples.completed + lost, 'sample')} did not complete`]),
  ]
  return parts.length === 0 ? [] : [caution(`Read with care: ${parts.join('; ')}.`)]
}

/** Reasons not to trust a median or an answer alone, and the number of cells that they concern. */
function marksOf(cells: readonly CellSummary[]): (readonly [count: number, what: string])[] {
  const count = (has: (headline: PhaseSummary) => boolean) =>
    cells.filter(({ headline }) => headline !== null && has(headline)).length
  return [
    [cells.filter(({ ratio }) => ratio?.disagrees === true).length, 'whose two tests disagree'],
    [count(({ modes }) => modes.length > 1), 'with more than one mode'],
    [count(({ drift }) => drift !== null), 'whose figures drift over the run'],
    [count(({ autocorrelation }) => autocorrelation !== null), 'whose successive rounds resemble each other'],
  ]
}

/** Returns which configurations did not run, and why; of a run without samples `describeNothing` says it. */
export function describeMissing({ cells, samples }: Summary): Sentence[] {
  if (samples.completed === 0) return []
  const unsupported = byReason(cells, 'unsupported', ({ cell }) => cell.configuration)
  const failed = byReason(cells, 'failed', ({ cell }) => `${cell.configuration} in ${cell.scenario}`)
  return [
    ...(unsupported === '' ? [] : [note(`Could not run here: ${unsupported}.`)]),
    ...(failed === '' ? [] : [caution(`Failed: ${failed}.`)]),
  ]
}

/** `aufs and zfs (this kernel has neither); fuse (there is no /dev/fuse)`: the names in one state, by reason. */
function byReason(
  cells: readonly CellSummary[],
  state: CellSummary['state'],
  nameOf: (cell: CellSummary) => string,
): string {
  const groups = groupBy(
    cells.filter((cell) => cell.state === state),
    // What a program says after its exit code is in the list of what failed.
    ({ reason }) => reason?.split(state === 'failed' ? /\n|: / : '\n')[0] ?? 'no reason was recorded',
  )
  return [...groups]
    .map(([reason, own]) => `${joinList([...new Set(own.map(nameOf))])} (${reason})`)
    .join('; ')
}

function caution(text: string): Sentence {
  return { tone: 'caution', scenario: null, text }
}

function note(text: string): Sentence {
  return { tone: 'note', scenario: null, text }
}
