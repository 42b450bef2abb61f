/** The answer to each question in one or two sentences that a reader can repeat. */
import { answerText, moreRounds, type RoundTime } from '../format/answer.ts'
import { formatAtLeast, formatValue, joinList, plural } from '../format/format.ts'
import { groupBy } from '../summary/group-by.ts'
import type { Summary } from '../summary/types.ts'
import { type MatrixCell, matrixOf, type MatrixQuestion } from './matrix.ts'
import type { Sentence } from './sentence.ts'
import { whyOf, zeroWords } from './why.ts'

/** Names in one list; the others are counted. */
const MOST_NAMES = 4

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
  return [`${subject}: ${whichToTake(best, compared, time)}.`, ...whatToAvoid(best, compared)]
}

/** `Changing one byte of a 256 MiB file (first write, cold cache)`. */
function subjectOf({ subject, phase, panel }: MatrixQuestion): string {
  const cache = panel.biggest[0]?.cell.cache === 'cold' ? ['cold cache'] : []
  return `${subject} (${[...(phase === null ? [] : [phase.title.toLowerCase()]), ...cache].join(', ')})`
}

/** `overlay2@ext4 252 ms; against a plain directory: dearer, at least 160× (copies whole files: …)`. */
function takes(cell: MatrixCell, time: RoundTime): string {
  const { ratio } = cell.cell
  const why = ratio?.answer.is === 'dearer' ? whyOf(cell, undefined) : ''
  const tax = ratio === null ? '' : `; against a plain directory: ${answerText(ratio, time)}`
  return `${named(cell)}${tax}${why === '' ? '' : ` (${why})`}`
}

function whichToTake(best: MatrixCell, compared: readonly MatrixCell[], time: RoundTime): string {
  const same = compared.filter(({ answer }) => answer?.is === 'same' || answer?.is === 'cheaper')
  const open = compared.filter(({ answer }) => answer?.is === 'open')
  const little = compared.filter(({ level }) => level === 1)
  const first = [best, ...same]
  const lead = `${first.length === 1 ? 'best' : 'best or about the same'}${open.length === 0 ? '' : ' so far'}`
  const parts = [
    `${lead}: ${listed(first, named)}${taxOf(best)}`,
    little.length === 0
      ? ''
      : `dearer: ${listed(little, (cell) => `${nameOf(cell)} (${leastText(atLeastOf(cell))})`)}`,
    open.length === 0 ? '' : `not known yet: ${listed(open, nameOf)}${neededFor(open, time)}`,
  ]
  return parts.filter((part) => part !== '').join('; ')
}

/** Those for one reason stand together, the dearest reason first. */
function whatToAvoid(best: MatrixCell, compared: readonly MatrixCell[]): string[] {
  const avoided = compared.filter(({ level }) => (level ?? 0) >= AVOID_FROM)
  if (avoided.length === 0) return []
  const bySize = avoided.toSorted((a, b) => (b.factor ?? 0) - (a.factor ?? 0))
  const byReason = [...groupBy(bySize, (cell) => reasonKey(cell, best)).values()]
  const parts = byReason.map((cells) => {
    const why = whyOf(cells[0] as MatrixCell, best)
    const told = [leastText(Math.min(...cells.map(atLeastOf))), why].filter((part) => part !== '')
    return `${listed(cells, nameOf)} (${told.join('; ')})`
  })
  return [`Avoid ${parts.join('; ')}.`]
}

/** What is paid elsewhere has a figure of its own; what is copied is the same thing for all that copy. */
function reasonKey(cell: MatrixCell, best: MatrixCell): string {
  const why = whyOf(cell, best)
  return cell.isElsewhere ? `${cell.cell.cell.configuration} ${why}` : (why.split(':')[0] ?? '')
}

/** What the best costs beside a plain directory, where that is known. */
function taxOf({ cell: { ratio } }: MatrixCell): string {
  if (ratio === null || ratio.answer.is === 'open') return ''
  if (ratio.answer.is === 'same') return ', about the same as a plain directory'
  const least = leastText(ratio.answer.atLeast)
  return least === '' ? '' : `, ${least} ${ratio.answer.is} than a plain directory`
}

/** The rounds after which all that is open would be known. */
function neededFor(open: readonly MatrixCell[], time: RoundTime): string {
  const rounds = open.map(({ answer, ratio }) =>
    answer?.is === 'open' && answer.rounds !== null ? answer.rounds - (ratio?.pairs ?? 0) : null,
  )
  const known = rounds.flatMap((one) => one ?? [])
  if (known.length < rounds.length) return ''
  const needed = moreRounds(Math.max(...known), time)
  return needed === '' ? '' : ` (${needed})`
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
  if (cells.length <= MOST_NAMES + 1) return joinList(cells.map(told))
  return `${cells.slice(0, MOST_NAMES).map(told).join(', ')} and ${plural(cells.length - MOST_NAMES, 'other')}`
}
