/** Everything that the page of a history prints. */
import type { History, HistoryCell, HistoryChange } from '../../../../harness/contracts/history.ts'
import { cellText } from '../../../compare/lines.ts'
import { formatCount, formatP, formatPercent, joinList, plural } from '../../../format/format.ts'
import {
  cellOf,
  changeText,
  dayText,
  differencesText,
  historySentences,
  sizeText,
  stateText,
} from '../../../history/sentences.ts'
import { changeGroups, groupText, groupTitle, isAlone } from '../../../history/groups.ts'
import { groupBy } from '../../../summary/group-by.ts'
import type { Masthead } from '../shell.ts'
import type { Fact } from './environment.ts'
import { markClass, type TimelineView, timelineOf } from './history-chart.ts'
import { keepTogether } from './labels.ts'

export interface HistoryView extends Masthead {
  overview: readonly { tone: string; text: string }[]
  changes: readonly ChangeView[]
  groups: readonly { day: string; host: string; title: string; text: string; run: string }[]
  epochs: readonly { host: string; span: string; runs: string; kernel: string; began: string }[]
  scenarios: readonly { id: string; title: string; cells: readonly CellView[] }[]
  method: { facts: readonly Fact[] }
}

interface ChangeView {
  className: string
  day: string
  cell: string
  anchor: string
  size: string
  text: string
  run: string
  state: string
  p: string
}

interface CellView {
  anchor: string
  title: string
  host: string
  isOpen: boolean
  timelines: readonly TimelineView[]
}

/** More names than this are only counted. */
const MOST_NAMES = 3

export function historyView(history: History, bench: string): HistoryView {
  const { hosts, runs, changes } = history
  const open = changes.filter(({ standing }) => standing).length
  const scenarios = scenarioViews(history)
  const span = runs.map(({ at }) => dayText(at)).toSorted()
  return {
    title: 'Storage driver benchmark: history',
    host: hosts.length > MOST_NAMES ? plural(hosts.length, 'host') : joinList(hosts),
    facts: [
      plural(runs.length, 'run'),
      `${span[0] ?? ''} to ${span.at(-1) ?? ''}`,
      plural(history.epochs.length, 'epoch'),
    ],
    state:
      open > 0
        ? { name: 'failed', text: `${formatCount(open)} open for the worse` }
        : { name: 'completed', text: 'No change for the worse is open' },
    contents: [
      { anchor: 'verdict', title: 'Changes' },
      { anchor: 'epochs', title: 'Epochs' },
      ...scenarios.map(({ id, title }) => ({ anchor: `scenario-${id}`, title })),
      { anchor: 'method', title: 'Method' },
    ],
    bench,
    overview: historySentences(history).map(({ tone, text }) => ({ tone, text: keepTogether(text) })),
    changes: changes.filter(isAlone).map((change) => changeView(change, history)),
    groups: changeGroups(history).map((group) => ({
      day: dayText(group.at),
      host: group.host,
      title: groupTitle(group),
      text: groupText(group),
      run: group.run,
    })),
    epochs: history.epochs.map((epoch) => ({
      host: epoch.host,
      span: `${dayText(epoch.from)} to ${dayText(epoch.to)}`,
      runs: formatCount(epoch.runs),
      kernel: epoch.kernel,
      began: epoch.differences.length === 0 ? '' : differencesText(epoch),
    })),
    scenarios,
    method: { facts: methodOf(history) },
  }
}

function changeView(change: HistoryChange, history: History): ChangeView {
  return {
    className: markClass(change),
    day: dayText(change.at),
    cell: cellText(cellOf(change, history)),
    anchor: anchorOf(history, change.host, change.cell),
    size: keepTogether(sizeText(change)),
    text: keepTogether(changeText(change, history)),
    run: change.run,
    state: stateText(change),
    p: formatP(change.p),
  }
}

function anchorOf({ hosts, cells }: History, host: string, cell: string): string {
  return `cell-${hosts.indexOf(host)}-${cells.findIndex(({ id }) => id === cell)}`
}

function scenarioViews(history: History): HistoryView['scenarios'] {
  return [...groupBy(history.cells, ({ scenario }) => scenario)].map(([id, cells]) => ({
    id,
    title: id,
    cells: cells.flatMap((cell) => history.hosts.flatMap((host) => cellView(history, host, cell))),
  }))
}

function cellView(history: History, host: string, cell: HistoryCell): CellView[] {
  const timelines = (['ratio', 'raw'] as const).flatMap(
    (measure) => timelineOf(history, host, cell.id, measure) ?? [],
  )
  if (timelines.length === 0) return []
  const isOpen = history.changes.some((one) => one.standing && one.host === host && one.cell === cell.id)
  const shown = history.hosts.length > 1 ? host : ''
  return [{ anchor: anchorOf(history, host, cell.id), title: cellText(cell), host: shown, isOpen, timelines }]
}

function methodOf({ threshold }: History): Fact[] {
  const facts = {
    'What is followed':
      'the headline of each cell, by its median in each run, and its ratio to the control in the same rounds',
    Epoch: 'runs of one fingerprint and one image; runs of two are never put together',
    Change:
      'E-divisive means in windows of 50 runs, as Hunter and Apache Otava do it; p at most 0.0001, five runs on each side, ' +
      `at least ${formatPercent(threshold)}; single bad nights are clipped`,
    'The driver or the host':
      'a change of the ratio is the driver’s, unless its control alone changed; where only the times changed, it is the host’s',
    Open: 'for the worse, of the driver, in the newest epoch, neither accepted nor gone again',
    'Between two epochs': 'shown with what differs, and not judged: bench compare --across does that',
  }
  return Object.entries(facts).map(([name, value]) => ({ name, value: value.replaceAll('’', "'") }))
}
