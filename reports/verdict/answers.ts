/** The answer to each question in one or two sentences that a reader can repeat. Terminal, page and Markdown print them. */
import { moreRounds, type RoundTime } from '../format/answer.ts'
import { formatAtLeast, formatRatio, formatValue, joinList, plural } from '../format/format.ts'
import type { AimedRatio } from '../summary/figures.ts'
import { groupBy } from '../summary/group-by.ts'
import type { Summary } from '../summary/types.ts'
import { type Advice, adviceOf, type Avoided } from './advice.ts'
import { type Matrix, type MatrixCell, matrixOf, type MatrixQuestion } from './matrix.ts'
import { priceOf } from './price.ts'
import type { Sentence } from './sentence.ts'
import { bytesOf, bytesWords, whyOf, zeroWords } from './why.ts'

/** Names in one list; the others are counted. The matrix has them all. More of what to avoid: it may be what runs today. */
const MOST_NAMES = 3
const MOST_AVOIDED = 4

/** Reasons in one sentence, the dearest first; what is left is counted. */
const MOST_REASONS = 3

/** A bound from here on is one of a figure of 0. */
const MOST_TIMES = 1e6

export interface QuestionAnswer {
  question: MatrixQuestion
  /** What the sentences are about: `Changing one byte of a 256 MiB file, cold cache`. */
  subject: string
  /** One or two sentences, to be read after the subject and a colon. */
  text: string
  /** The best configuration; null where a single one is compared with its control. */
  best: string | null
  /** Whether one that is not known yet may prove better. */
  isSoFar: boolean
  /** Largest factor to be avoided, as measured; 1 where there is none. */
  gravity: number
}

/** Returns the answer to each question that has a figure of a driver, in the order of the questions. */
export function answersOf(matrix: Matrix, time: RoundTime): QuestionAnswer[] {
  return adviceOf(matrix).flatMap((advice, column) => {
    const cells = matrix.rows
      .filter(({ kind }) => kind === 'driver')
      .flatMap((row) => row.cells[column] ?? [])
      .filter(({ median }) => median !== null)
    const text = sentencesOf(advice, cells, time).join(' ')
    if (text === '') return []
    const { question, best, avoid } = advice
    return [
      {
        question,
        subject: subjectOf(question),
        text,
        best: question.against === 'control' || best[0] === undefined ? null : nameOf(best[0]),
        isSoFar: best[0]?.isSoFar ?? false,
        gravity: Math.max(1, ...avoid.map(({ cell }) => cell.factor ?? 1)),
      },
    ]
  })
}

/** Returns the same as sentences. */
export function describeAnswers(summary: Summary): Sentence[] {
  return answersOf(matrixOf(summary), summary).map(({ question, subject, text }) => ({
    tone: 'finding',
    scenario: question.scenario,
    text: `${subject}: ${text}`,
  }))
}

function sentencesOf(
  { question, best, avoid, open }: Advice,
  cells: readonly MatrixCell[],
  time: RoundTime,
): string[] {
  const [first] = best
  if (first === undefined || question.against === 'control')
    return cells.map((cell) => `${takes(cell, time)}.`)
  return [`${whichToTake(best, open, cells)}.`, ...whatToAvoid(first, avoid)]
}

/** `Changing one byte of a 256 MiB file, cold cache`. */
function subjectOf({ subject, panel }: MatrixQuestion): string {
  return panel.biggest[0]?.cell.cache === 'cold' ? `${subject}, cold cache` : subject
}

/** `overlay2@ext4 takes 252 ms, at least 160× dearer than a plain directory (copies whole files: …)`. */
function takes(cell: MatrixCell, time: RoundTime): string {
  const { ratio } = cell.cell
  const why = ratio?.answer.is === 'dearer' ? whyOf(cell, undefined) : ''
  const isRate = cell.phase?.phase.better === 'higher'
  const verb = cell.median === 0 ? (isRate ? '' : 'is ') : isRate ? 'reaches ' : 'takes '
  const tax = ratio === null ? '' : `, ${taxText(ratio, time)}`
  return `${nameOf(cell)} ${verb}${figureOf(cell)}${tax}${why === '' ? '' : ` (${why})`}`
}

/** `btrfs is best so far (1.36 ms); overlay2@xfs is not known yet`. */
function whichToTake(
  best: readonly MatrixCell[],
  open: readonly MatrixCell[],
  cells: readonly MatrixCell[],
): string {
  const [first] = best as [MatrixCell]
  const soFar = first.isSoFar ? ' so far' : ''
  const shipped = shippedText(best, cells)
  // What no engine ships is a bound, and its tax is nobody's.
  const tax = shipped.length > 0 ? '' : taxOf(first)
  const told = [figureOf(first), tax].filter((part) => part !== '').join(', ')
  const lead =
    best.length === 1
      ? `${nameOf(first)} is best${soFar} (${told})`
      : `${listed(best, (cell) => (cell === first ? `${nameOf(cell)} (${told})` : nameOf(cell)))} are best or about the same${soFar}`
  const isEveryOther = open.length > 2 && open.length === cells.length - 1
  const unknown = isEveryOther
    ? ['nothing is known yet of the others']
    : open.length === 0
      ? []
      : [`${listed(open, nameOf)} ${isOrAre(open)} not known yet`]
  return [lead, ...shipped, ...best.flatMap((cell) => priceText(cell, cells)), ...unknown].join('; ')
}

/** `of those that engines ship overlay2@xfs (189 ms)`, where all that are best are emulations. */
function shippedText(best: readonly MatrixCell[], cells: readonly MatrixCell[]): string[] {
  if (!best.every(({ cell }) => cell.driver.emulated)) return []
  const [shipped] = cells
    .filter(({ cell, isElsewhere, factor }) => !cell.driver.emulated && !isElsewhere && factor !== null)
    .toSorted((a, b) => (a.factor ?? 0) - (b.factor ?? 0))
  if (shipped === undefined) return []
  return [`of those that engines ship ${nameOf(shipped)} (${figureOf(shipped)})`]
}

/**
 * `vfs@ext4 pays 191 ms in prepare, where the cheapest takes 1.1 ms (256 MiB written for 800 KiB changed)`; empty where it pays
 * nothing besides.
 */
function priceText(cell: MatrixCell, cells: readonly MatrixCell[]): string[] {
  const others = cells.filter((other) => other !== cell)
  const least = others.toSorted((a, b) => bytesOf(a) - bytesOf(b))[0]
  if (least === undefined || cell.phase?.phase.better !== 'higher') return []
  const bytes = bytesWords(cell, least)
  const price = priceOf(
    cell.cell,
    others.map((other) => other.cell),
  )
  if (price === null) return bytes === '' ? [] : [`${nameOf(cell)} pays in bytes: ${bytes}`]
  const [seconds, elsewhere] = [price.seconds, price.least].map((value) => formatValue(value, 's'))
  const text = `${nameOf(cell)} pays ${seconds} in ${price.phase.phase.id}, where the cheapest takes ${elsewhere}`
  return [bytes === '' ? text : `${text} (${bytes})`]
}

/** Groups configurations by the reason to avoid them, the dearest reason first. */
function whatToAvoid(best: MatrixCell, avoid: readonly Avoided[]): string[] {
  if (avoid.length === 0) return []
  // What is copied is the same reason for all that copy, however much each of them wrote.
  const byReason = [...groupBy(avoid, ({ cell }) => whyOf(cell, best).split(':')[0]).values()]
  const others = byReason.slice(MOST_REASONS).flat()
  const parts = byReason.slice(0, MOST_REASONS).map((own, index) => {
    const [first] = own as [Avoided]
    const told = [timesText(own, index === 0 ? ' the best' : ''), whyOf(first.cell, best)]
    return withReasons(
      listed(own, ({ cell }) => nameOf(cell), MOST_AVOIDED),
      told,
    )
  })
  if (others.length > 0)
    parts.push(
      withReasons(
        others.length === 1 ? listed(others, ({ cell }) => nameOf(cell)) : plural(others.length, 'other'),
        [timesText(others, '')],
      ),
    )
  return [`Avoid ${parts.join('; ')}.`]
}

/** `overlay2@ext4 (at least 160×; copies whole files)`; the name alone where no reason is known. */
function withReasons(names: string, reasons: readonly string[]): string {
  const told = reasons.filter((reason) => reason !== '').join('; ')
  return told === '' ? names : `${names} (${told})`
}

/**
 * `at least 160× the best`, of all of them; `73.1× the best as measured` where it is not shown of each; empty where one figure is
 * 0. `what`: what follows the figure.
 */
function timesText(avoid: readonly Avoided[], what: string): string {
  const shown = avoid.flatMap(({ atLeast }) => atLeast ?? [])
  if (shown.length === avoid.length) {
    const least = leastText(Math.min(...shown))
    return least === '' ? '' : `${least}${what}`
  }
  const factors = avoid.flatMap(({ cell }) => cell.factor ?? [])
  return factors.length === 0 ? '' : `${formatRatio(Math.min(...factors))}${what} as measured`
}

/** What it costs beside a plain directory, where that is known. */
function taxOf({ cell: { ratio } }: MatrixCell): string {
  return ratio === null || ratio.answer.is === 'open' ? '' : taxText(ratio, { secondsARound: null })
}

/** `at least 160× dearer than a plain directory`. */
function taxText({ answer, pairs }: AimedRatio, time: RoundTime): string {
  switch (answer.is) {
    case 'same':
      return 'about the same as a plain directory'
    case 'open': {
      const needed = answer.rounds === null ? '' : moreRounds(answer.rounds - pairs, time)
      return `not known yet beside a plain directory${needed === '' ? '' : ` (${needed})`}`
    }
    default:
      return `${leastText(answer.atLeast)} ${answer.is} than a plain directory`.trim()
  }
}

/** Empty where one of the two costs is 0, which has no place among the ratios. */
function leastText(least: number): string {
  return least < MOST_TIMES ? `at least ${formatAtLeast(least)}` : ''
}

function nameOf({ cell }: MatrixCell): string {
  return cell.cell.configuration
}

function figureOf(cell: MatrixCell): string {
  return cell.median === 0 ? zeroWords(cell) : formatValue(cell.median, cell.phase?.phase.unit ?? 's')
}

function isOrAre({ length }: readonly unknown[]): string {
  return length === 1 ? 'is' : 'are'
}

function listed<T>(all: readonly T[], told: (one: T) => string, most = MOST_NAMES): string {
  if (all.length <= most) return joinList(all.map(told))
  const first = all.slice(0, most - 1).map(told)
  return `${first.join(', ')} and ${plural(all.length - first.length, 'other')}`
}
