/** A history in sentences, the answer first. */
import type { History, HistoryCell, HistoryChange, HistoryEpoch } from '../../harness/contracts/history.ts'
import { cellText } from '../compare/lines.ts'
import {
  formatCount,
  formatPercent,
  formatRatio,
  formatValue,
  joinList,
  NOTHING,
  plural,
} from '../format/format.ts'
import type { Sentence } from '../verdict/sentence.ts'

/** Runs of an epoch from which on a change in it can be seen. */
const LEAST_RUNS = 10
const MOST_DIFFERENCES = 4

export function historySentences(history: History): Sentence[] {
  return [answer(history), ...tooYoung(history), ...accepted(history), ...leftOut(history)]
}

export function isOpen({ standing }: HistoryChange): boolean {
  return standing
}

function answer(history: History): Sentence {
  const { changes, runs, hosts, cells } = history
  const open = changes.filter(isOpen)
  const [newest] = open
  const seen = `${plural(runs.length, 'run')} of ${plural(hosts.length, 'host')}, ${plural(cells.length, 'cell')}`
  if (newest === undefined) return sentence('overview', `No change for the worse is open: ${seen}.`)
  const count =
    open.length === 1 ? '1 change for the worse is' : `${formatCount(open.length)} changes for the worse are`
  return sentence(
    'alarm',
    `${count} open, newest: ${changeTitle(newest, history)}. ${changeText(newest, history)}.`,
  )
}

/** Says of which cells nothing can be told yet: without it, "no change" would be said of what was hardly looked at. */
function tooYoung({ epochs, series }: History): Sentence[] {
  return [...epochs.entries()]
    .filter(([, { newest }]) => newest)
    .flatMap(([index, { host, runs }]) => {
      const own = series.filter(({ epoch }) => epoch === index)
      const young = own.filter(({ points }) => points.length < LEAST_RUNS)
      if (young.length === 0) return []
      const enough = `changes are seen from ${LEAST_RUNS} runs on`
      const text =
        runs < LEAST_RUNS
          ? `The newest epoch of ${host} has ${plural(runs, 'run')}: ${enough}.`
          : `${formatCount(young.length)} of ${plural(own.length, 'cell')} have fewer runs in the newest epoch of ${host}: ${enough}.`
      return [sentence('caution', text)]
    })
}

function accepted({ changes }: History): Sentence[] {
  const reasons = new Map(
    changes.flatMap(({ accepted: one }) =>
      one === null ? [] : [[`${one.at} ${one.because}`, one.because] as const],
    ),
  )
  if (reasons.size === 0) return []
  const count = changes.filter((change) => change.accepted !== null).length
  const listed = [...reasons.values()].slice(0, 3).map((reason) => `“${reason}”`)
  return [sentence('note', `${plural(count, 'change')} accepted: ${joinList(listed)}.`)]
}

function leftOut({ leftOut: folders }: History): Sentence[] {
  if (folders.length === 0) return []
  const reasons = [...new Set(folders.map(({ reason }) => reason))]
  const more = reasons.length > 3 ? ' …' : ''
  return [
    sentence(
      'note',
      `${plural(folders.length, 'folder')} left out: ${reasons.slice(0, 3).join('; ')}${more}.`,
    ),
  ]
}

function sentence(tone: Sentence['tone'], text: string): Sentence {
  return { tone, scenario: null, text }
}

/** `overlay2@ext4 in bigfile, 1 MiB: worse by 24 %, since 2026-05-04`. */
export function changeTitle(change: HistoryChange, history: History): string {
  return `${cellText(cellOf(change, history))}: ${sizeText(change)}, since ${dayText(change.at)}`
}

/** `worse by 24 %` of the cost; for a rate that fell to nothing the factor has no end. */
export function sizeText({ direction, factor }: HistoryChange): string {
  const by = direction === 'worse' ? factor - 1 : 1 - factor
  return direction === 'worse' && factor >= 10
    ? `worse, ${formatRatio(factor)}`
    : `${direction} by ${formatPercent(by)}`
}

/** `1.30× → 1.62× of its control; first write 251 ms → 310 ms; Kernel 6.1.0 → 6.12.0`. */
export function changeText(change: HistoryChange, history: History): string {
  const { before, after, kind } = change
  const { title, unit } = cellOf(change, history)
  const ratio =
    before.ratio === null || after.ratio === null
      ? []
      : [`${formatRatio(before.ratio)} → ${formatRatio(after.ratio)} of its control`]
  const raw = `${title.toLowerCase()} ${formatValue(before.median, unit)} → ${formatValue(after.median, unit)}`
  return [...ratio, raw, ...(KINDS[kind] === '' ? [] : [KINDS[kind]]), differencesText(change)].join('; ')
}

export const KINDS: Readonly<Record<HistoryChange['kind'], string>> = {
  driver: '',
  host: 'the host: its control changed alike',
  control: 'the control changed, not this cell',
  epoch: 'another fingerprint: not judged',
}

/** `Kernel 6.1.0 → 6.12.0, tool …`; says so where nothing is recorded. */
export function differencesText({ differences }: Pick<HistoryChange | HistoryEpoch, 'differences'>): string {
  if (differences.length === 0) return 'no change of the host is recorded'
  const named = differences
    .slice(0, MOST_DIFFERENCES)
    .map(({ name, before, after }) => `${name} ${before ?? NOTHING} → ${after ?? NOTHING}`)
  const more = differences.length - named.length
  return [...named, ...(more === 0 ? [] : [`${more} more`])].join(', ')
}

export function stateText({ standing, accepted: acceptance, direction, kind }: HistoryChange): string {
  if (acceptance !== null) return `accepted: ${acceptance.because}`
  if (standing) return 'open'
  return direction === 'worse' && kind === 'driver' ? 'past' : ''
}

export function cellOf(
  { cell }: Pick<HistoryChange, 'cell'>,
  { cells }: Pick<History, 'cells'>,
): HistoryCell {
  const found = cells.find(({ id }) => id === cell)
  if (found === undefined) throw new Error(`the history has no cell ${cell}`)
  return found
}

export function dayText(at: string): string {
  return at.slice(0, 10)
}
