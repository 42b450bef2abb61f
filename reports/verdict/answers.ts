/** The answer to each question in one or two sentences that a reader can repeat. */
import { answerText, type RoundTime } from '../format/answer.ts'
import { formatAtLeast, formatValue, joinList, plural } from '../format/format.ts'
import { groupBy } from '../summary/group-by.ts'
import type { Summary } from '../summary/types.ts'
import { type MatrixCell, matrixOf, type MatrixQuestion } from './matrix.ts'
import type { Sentence } from './sentence.ts'
import { whyOf, zeroWords } from './why.ts'

/** Names in one list; the others are counted. The matrix has them all. */
const MOST_NAMES = 3

/** Reasons in one sentence, the dearest first; what is left is counted. */
const MOST_REASONS = 3

/** A bound from here on is one of a figure of 0. */
const MOST_TIMES = 1e6

/** Cost level from which a configuration is to be avoided: twice the best. */
const AVOID_FROM = 2

/** Returns the sentences of each question that has a figure of a driver. */
export function describeAnswers(summary: Summary): Sentence[] {
  const { questions, rows } = matrixOf(summary)
  return questions.flatMap((question, column) => {
    const cells = rows
      .filter(({ kind }) => kind === 'driver')
      .flatMap(({ cells: all }) => all[column] ?? [])
      .filter(({ median }) => median !== null)
    const text = sentencesOf(question, cells, summary).join(' ')
    return text === '' ? [] : [{ tone: 'finding' as const, scenario: question.scenario, text }]
  })
}

function sentencesOf(question: MatrixQuestion, cells: readonly MatrixCell[], time: RoundTime): string[] {
  const best = cells.find(({ isBest }) => isBest)
  const compared = cells.filter(({ answer }) => answer !== null)
  const subject = subjectOf(question)
  if (best === undefined || question.against === 'control')
    return cells.map((cell) => `${subject}: ${takes(cell, time)}.`)
  return [`${subject}: ${whichToTake(best, compared)}.`, ...whatToAvoid(best, compared)]
}

/** `Changing one byte of a 256 MiB file, cold cache`. */
function subjectOf({ subject, panel }: MatrixQuestion): string {
  return panel.biggest[0]?.cell.cache === 'cold' ? `${subject}, cold cache` : subject
}

/** `overlay2@ext4 252 ms; against a plain directory: dearer, at least 160× (copies whole files: …)`. */
function takes(cell: MatrixCell, time: RoundTime): string {
  const { ratio } = cell.cell
  const why = ratio?.answer.is === 'dearer' ? whyOf(cell, undefined) : ''
  const tax = ratio === null ? '' : `; against a plain directory: ${answerText(ratio, time)}`
  return `${named(cell)}${tax}${why === '' ? '' : ` (${why})`}`
}

function whichToTake(best: MatrixCell, compared: readonly MatrixCell[]): string {
  const same = compared.filter(({ answer }) => answer?.is === 'same' || answer?.is === 'cheaper')
  const open = compared.filter(({ answer }) => answer?.is === 'open')
  const first = [best, ...same]
  const lead = `${first.length === 1 ? 'best' : 'best or about the same'}${open.length === 0 ? '' : ' so far'}`
  const parts = [
    `${lead}: ${listed(first, (cell) => (cell === best ? named(cell) + taxOf(best) : nameOf(cell)))}`,
    open.length === 0 ? '' : `not known yet: ${listed(open, nameOf)}`,
  ]
  return parts.filter((part) => part !== '').join('; ')
}

/** Groups configurations by the reason to avoid them, the dearest reason first. */
function whatToAvoid(best: MatrixCell, compared: readonly MatrixCell[]): string[] {
  const avoided = compared.filter(({ level }) => (level ?? 0) >= AVOID_FROM)
  if (avoided.length === 0) return []
  const bySize = avoided.toSorted((a, b) => (b.factor ?? 0) - (a.factor ?? 0))
  // What is copied is the same reason for all that copy, however much each of them wrote.
  const byReason = [...groupBy(bySize, (cell) => whyOf(cell, best).split(':')[0]).values()]
  const others = byReason.slice(MOST_REASONS).flat()
  const parts = byReason.slice(0, MOST_REASONS).map((cells) => {
    const told = [leastOf(cells), whyOf(cells[0] as MatrixCell, best)].filter((part) => part !== '')
    return `${listed(cells, nameOf)} (${told.join('; ')})`
  })
  if (others.length > 0) parts.push(`${plural(others.length, 'other')} (${leastOf(others)})`)
  return [`Avoid ${parts.join('; ')}.`]
}

/** What the best costs beside a plain directory, where that is known. */
function taxOf({ cell: { ratio } }: MatrixCell): string {
  if (ratio === null || ratio.answer.is === 'open') return ''
  if (ratio.answer.is === 'same') return ' (about the same as a plain directory)'
  const least = leastText(ratio.answer.atLeast)
  return least === '' ? '' : ` (${least} ${ratio.answer.is} than a plain directory)`
}

/** What all of them cost at least. */
function leastOf(cells: readonly MatrixCell[]): string {
  return leastText(Math.min(...cells.map(atLeastOf)))
}

/** Empty where one of the two costs is 0, which has no place among the ratios. */
function leastText(least: number): string {
  return least < MOST_TIMES ? `at least ${formatAtLeast(least)}` : ''
}

function atLeastOf({ answer }: MatrixCell): number {
  return answer?.is === 'dearer' ? answer.atLeast : 1
}

function nameOf({ cell }: MatrixCell): string {
  return cell.cell.configuration
}

/** `btrfs 1.36 ms`; a median of 0 is no figure: `btrfs is too short to be measured`. */
function named(cell: MatrixCell): string {
  if (cell.median === 0) return `${nameOf(cell)} ${zeroWords(cell)}`
  return `${nameOf(cell)} ${formatValue(cell.median, cell.phase?.phase.unit ?? 's')}`
}

function listed(cells: readonly MatrixCell[], told: (cell: MatrixCell) => string): string {
  if (cells.length <= MOST_NAMES) return joinList(cells.map(told))
  const first = cells.slice(0, MOST_NAMES - 1).map(told)
  return `${first.join(', ')} and ${plural(cells.length - first.length, 'other')}`
}
