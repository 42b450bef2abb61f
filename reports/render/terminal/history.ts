import picocolors from 'picocolors'
import type { History, HistoryChange } from '../../../harness/contracts/history.ts'
import { visible } from '../../../harness/terminal/visible.ts'
import { wrapText } from '../../../harness/terminal/wrap-text.ts'
import { cellText } from '../../compare/lines.ts'
import { plural } from '../../format/format.ts'
import { changeGroups, groupText, groupTitle, isAlone } from '../../history/groups.ts'
import {
  cellOf,
  changeText,
  dayText,
  differencesText,
  historySentences,
  sizeText,
  stateText,
} from '../../history/sentences.ts'

/** Changes and epochs that are listed; the page and the JSON have all. */
const MOST = 20
const INDENT = ' '.repeat(12)

/** Draws a history on a terminal: the answer, the changes with the newest first, and the epochs. */
export function historyTerminal(history: History, width: number, color: boolean): string {
  const sentences = historySentences(history).map(({ text }) => wrapped(text, width))
  const lists = [changeList, groupList, epochList].map((list) => list(history, width, color))
  return [sentences.join('\n'), ...lists].filter((part) => part !== '').join('\n\n')
}

function changeList(history: History, width: number, color: boolean): string {
  const { bold, dim } = picocolors.createColors(color)
  const changes = history.changes.filter(isAlone)
  if (changes.length === 0) return ''
  const entries = changes.slice(0, MOST).map((change) => {
    const text = entryOf(change, history, width)
    return change.standing ? text : dim(text)
  })
  return [bold('Changes, the newest first'), ...entries, ...moreLine(changes.length, 'change')].join('\n')
}

/** A line for what changed and lines below it for the figures, none wider than the terminal. */
function entryOf(change: HistoryChange, history: History, width: number): string {
  const state = stateText(change)
  const mark = state === '' ? '' : ` (${state})`
  const head = `${dayText(change.at)}  ${sizeText(change)}${mark}: ${cellText(cellOf(change, history))}`
  const host = history.hosts.length > 1 ? `on ${change.host}; ` : ''
  return [
    wrapped(head, width),
    indented(`${host}${changeText(change, history)}; run ${change.run}`, width),
  ].join('\n')
}

/** Changes of the host and between epochs: a line for all cells that share one. */
function groupList(history: History, width: number, color: boolean): string {
  const { bold, dim } = picocolors.createColors(color)
  const groups = changeGroups(history)
  if (groups.length === 0) return ''
  const entries = groups.slice(0, MOST).map((group) => {
    const host = history.hosts.length > 1 ? `on ${group.host}; ` : ''
    const head = wrapped(`${dayText(group.at)}  ${groupTitle(group)}`, width)
    return dim([head, indented(`${host}${groupText(group)}; run ${group.run}`, width)].join('\n'))
  })
  return [
    bold('Of the host, and between epochs'),
    ...entries,
    ...moreLine(groups.length, 'entry', 'entries'),
  ].join('\n')
}

function epochList(history: History, width: number, color: boolean): string {
  const { bold } = picocolors.createColors(color)
  const entries = history.epochs.slice(-MOST).map((epoch) => {
    const { host, runs, from, to, kernel, newest, differences } = epoch
    const span = `${dayText(from)} to ${dayText(to)}`
    const began = differences.length === 0 ? '' : `; began with ${differencesText(epoch)}`
    return wrapped(
      `${host}: ${span}, ${plural(runs, 'run')}, Linux ${kernel}${newest ? ', newest' : ''}${began}`,
      width,
    )
  })
  return [
    bold('Epochs: runs of one fingerprint'),
    ...entries,
    ...moreLine(history.epochs.length, 'epoch'),
  ].join('\n')
}

function moreLine(count: number, noun: string, nouns = `${noun}s`): string[] {
  const more = plural(count - MOST, `more ${noun}`, `more ${nouns}`)
  return count <= MOST ? [] : [`… and ${more}: --json and --output have all`]
}

function wrapped(text: string, width: number): string {
  return wrapText(visible(text), width, INDENT).join('\n')
}

function indented(text: string, width: number): string {
  return wrapText(visible(text), width - INDENT.length)
    .map((line) => INDENT + line)
    .join('\n')
}
