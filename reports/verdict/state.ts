import type { Run } from '../../harness/contracts/run.ts'
import { acceptedText } from '../format/accepted.ts'
import { formatP, formatRatio, joinList, plural } from '../format/format.ts'
import { timeText } from '../format/run-facts.ts'
import { groupBy } from '../summary/group-by.ts'
import type { PhaseSummary } from '../summary/figures.ts'
import type { CellSummary, Summary } from '../summary/types.ts'
import { isFallback } from './engine-tax.ts'
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

/** More interruptions than this are told in one sentence. */
const MOST_INTERRUPTIONS = 2

/** Says where the run was interrupted and resumed, and whether the parts differ. */
export function describeInterruptions({ interruptions }: Summary): Sentence[] {
  const differing = interruptions.filter((one) => one.differing.length > 0)
  const alike = interruptions.filter((one) => one.differing.length === 0)
  const told = alike.length > MOST_INTERRUPTIONS ? [alike] : alike.map((one) => [one])
  return [
    ...differing.map((one) => caution(`${placeOf([one])}: ${differingText(one.differing)}.`)),
    ...told.map((some) => note(`${placeOf(some)}: ${alikeText(some)}.`)),
  ]
}

type Interruptions = Summary['interruptions']

function placeOf(some: Interruptions): string {
  const [first, last] = [some[0], some.at(-1)].map((one) => one?.interruption)
  if (first === undefined || last === undefined) return ''
  const resumed = timeText(last.resumedAt)
  return some.length === 1
    ? `Interrupted in round ${first.round + 1} after ${plural(first.samples, 'sample')}, and resumed ${resumed}`
    : `Interrupted ${some.length} times, in rounds ${first.round + 1} to ${last.round + 1}, and resumed, last ${resumed}`
}

function alikeText(some: Interruptions): string {
  const telling = some.filter((one) => one.telling > 0)
  if (telling.length === 0) return 'too few rounds to tell whether the parts before and after it differ'
  const cells = Math.min(...telling.map((one) => one.telling))
  const compared = Math.max(...some.map((one) => one.compared))
  const silent = some.length - telling.length
  const rest = silent === 0 ? '' : `; of ${silent} of them there are too few rounds to tell`
  return `no difference of the parts is shown in ${cells} of ${plural(compared, 'cell')}${rest}`
}

function differingText(differing: Summary['interruptions'][number]['differing']): string {
  const listed = differing
    .slice(0, 3)
    .map(
      ({ configuration, scenario, ratio, p }) =>
        `${configuration} in ${scenario} (${formatRatio(ratio)}, ${formatP(p)})`,
    )
  const more = differing.length - listed.length
  const names = joinList(more === 0 ? listed : [...listed, plural(more, 'more cell')])
  return `the part after it differs from that before it in ${names}; do not put them together`
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

/** Returns which configurations did not run, and why. Elsewhere is said: that of a run without samples, and of engines that fell back. */
export function describeMissing({ cells, samples }: Summary): Sentence[] {
  if (samples.completed === 0) return []
  const others = cells.filter((cell) => !isFallback(cell))
  const unsupported = byReason(others, 'unsupported', ({ cell }) => cell.configuration)
  const failed = byReason(others, 'failed', ({ cell }) => `${cell.configuration} in ${cell.scenario}`)
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
