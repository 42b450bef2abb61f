/** Which driver for what, as sentences for the first screen and as a table below it. */
import { answerText, type RoundTime } from '../../../format/answer.ts'
import { formatMechanism, formatRatio, formatValue, joinList, NOTHING } from '../../../format/format.ts'
import type { CellSummary } from '../../../summary/types.ts'
import { type Advice, adviceOf, type Avoided } from '../../../verdict/advice.ts'
import type { BreakEven } from '../../../verdict/break-even.ts'
import type { Matrix, MatrixCell, MatrixQuestion } from '../../../verdict/matrix.ts'
import { keepTogether } from './labels.ts'
import type { LegendEntry } from './chart-view.ts'
import { type Styles, styleOf } from './palette.ts'
import { seriesSwatch } from './swatch.ts'

/** Most sentences of the first screen. */
const MOST_SENTENCES = 6
/** Most configurations that a sentence names. */
const MOST_NAMES = 2

export interface AdviceView {
  /** `question` begins the sentence. */
  sentences: readonly { question: string; text: string }[]
  /** Whether any question has an axis along which costs break even. */
  hasAxis: boolean
  groups: readonly AdviceGroup[]
}

interface AdviceGroup {
  title: string
  anchor: string
  best: string
  open: string
  rows: readonly AdviceRow[]
}

interface AdviceRow {
  configuration: LegendEntry
  cost: string
  factor: string
  why: string
  /** Where it is dearer by 10 ms, 100 ms, 2×; empty where the question has no axis. */
  breakEvens: readonly string[]
}

export function adviceView(matrix: Matrix, time: RoundTime, styles: Styles): AdviceView {
  const told = adviceOf(matrix).filter(({ best }) => best.length > 0)
  const gravest = told.toSorted((a, b) => gravityOf(b) - gravityOf(a)).slice(0, MOST_SENTENCES)
  const countOf = ({ question }: Advice) =>
    told.filter((one) => one.question.scenario === question.scenario).length
  return {
    sentences: told
      .filter((one) => gravest.includes(one))
      .map((one) => sentenceOf(one, countOf(one) === 1, time)),
    hasAxis: told.some(({ question }) => question.panel.axis !== null),
    groups: told
      .filter(({ question }) => question.against === 'best')
      .map((advice) => groupOf(advice, styles)),
  }
}

/** The largest factor that is to be avoided. */
function gravityOf({ avoid }: Advice): number {
  return Math.max(1, ...avoid.map(({ cell }) => cell.factor ?? 1))
}

function sentenceOf(
  { question, best, avoid, open }: Advice,
  isOnlyOne: boolean,
  time: RoundTime,
): AdviceView['sentences'][number] {
  const good =
    question.against === 'control'
      ? taxOf(best, time)
      : `${namesOf(best)} ${standingOf(best.length, open.length)}`
  const shown = avoid.filter(({ cell }) => !cell.isElsewhere)
  const least = Math.min(...shown.map(({ atLeast }) => atLeast ?? Number.POSITIVE_INFINITY))
  const bad =
    shown.length === 0
      ? ''
      : `avoid ${namesOf(shown.map(({ cell }) => cell))} (at least ${formatRatio(least)})`
  const elsewhere = avoid.map(({ cell }) => cell).filter(({ isElsewhere }) => isElsewhere)
  const paid =
    elsewhere.length === 0
      ? ''
      : `${namesOf(elsewhere)} ${elsewhere.length === 1 ? 'pays' : 'pay'} in ${joinList([...new Set(elsewhere.map(({ phase }) => phase?.phase.id ?? ''))])}`
  const unknown = open.length === 0 || question.against === 'control' ? '' : `${open.length} not known yet`
  return {
    question: isOnlyOne ? question.panel.scenario.title : titleOf(question),
    text: keepTogether(`${[good, bad, paid, unknown].filter((part) => part !== '').join('; ')}.`),
  }
}

/** `overlay2@ext4, 252 ms; beside a plain directory: dearer, at least 160×`. */
function taxOf([first]: readonly MatrixCell[], time: RoundTime): string {
  if (first === undefined) return ''
  const { ratio } = first.cell
  return `${medianOf(first)}${ratio === null ? '' : `; beside a plain directory: ${answerText(ratio, time)}`}`
}

/** Claims that one is the best only where every other has its answer. */
function standingOf(best: number, open: number): string {
  if (best > 1) return 'are best or about the same'
  return open === 0 ? 'is best' : 'is cheapest as measured'
}

function titleOf({ panel, detail }: MatrixQuestion): string {
  return [panel.scenario.title, detail].filter((part) => part !== '').join(', ')
}

function namesOf(cells: readonly MatrixCell[]): string {
  const names = cells.map(({ cell }) => cell.cell.configuration)
  const left = names.length - MOST_NAMES
  return joinList(left <= 1 ? names : [...names.slice(0, MOST_NAMES), `${left} more`])
}

function groupOf({ question, best, avoid, open }: Advice, styles: Styles): AdviceGroup {
  const [first, ...same] = best
  const others = same.map(({ cell }) => cell.cell.configuration)
  return {
    title: titleOf(question),
    anchor: question.panel.id,
    best: keepTogether(
      `Best: ${first === undefined ? NOTHING : medianOf(first)}.` +
        (others.length === 0 ? '' : ` About the same: ${joinList(others)}.`),
    ),
    open:
      open.length === 0 ? '' : `Not known yet: ${joinList(open.map(({ cell }) => cell.cell.configuration))}.`,
    rows: avoid.map((one) => rowOf(one, question.panel.axis?.kind ?? null, styles)),
  }
}

function medianOf({ cell, median, phase }: MatrixCell): string {
  return `${cell.cell.configuration}, ${formatValue(median, phase?.phase.unit ?? 's')}`
}

function rowOf(
  { cell, atLeast, breakEvens }: Avoided,
  kind: 'size' | 'count' | null,
  styles: Styles,
): AdviceRow {
  const { configuration } = cell.cell.cell
  const place = cell.isElsewhere ? ` in ${cell.phase?.phase.id ?? ''}` : ''
  return {
    configuration: seriesSwatch(configuration, styleOf(styles, configuration)),
    cost: `${formatValue(cell.median, cell.phase?.phase.unit ?? 's')}${place}`,
    factor: atLeast === null ? `${formatRatio(cell.factor)} as measured` : `at least ${formatRatio(atLeast)}`,
    why: whyOf(cell.cell),
    breakEvens: kind === null ? [] : breakEvens.map((one) => breakEvenText(one, kind)),
  }
}

/** `copied up; 256 MiB for 1 B`: the mechanism, and the bytes written for those changed. */
function whyOf({ mechanism, counters }: CellSummary): string {
  const { bytesWritten, bytesChanged, writeAmplification } = counters
  const known = mechanism === null || mechanism === 'none' ? [] : [formatMechanism(mechanism)]
  if (bytesWritten === null || bytesChanged === null || writeAmplification === null) return known.join('')
  const written = `${formatValue(bytesWritten.median, 'bytes')} for ${formatValue(bytesChanged.median, 'bytes')}`
  return keepTogether([...known, written].join('; '))
}

function breakEvenText(found: BreakEven | null, kind: 'size' | 'count'): string {
  if (found === null) return NOTHING
  const unit = kind === 'size' ? 'bytes' : 'count'
  switch (found.is) {
    case 'everywhere':
      return `every ${kind}`
    case 'nowhere':
      return `not up to ${formatValue(found.upTo, unit)}`
    case 'from':
      return roughly(found.x, unit)
  }
}

/** Two digits, which is what an interpolation is worth: `7.1 MiB`, `110 MiB`. */
function roughly(value: number, unit: 'bytes' | 'count'): string {
  const step = unit === 'bytes' ? 1024 ** Math.max(0, Math.floor(Math.log(value) / Math.log(1024))) : 1
  const text = formatValue(Number((value / step).toPrecision(2)) * step, unit)
  return text
    .replace(/\.?0+(?= |$)/, (zeros) => (zeros.startsWith('.') ? '' : zeros))
    .replace(/(\.\d)0\b/, '$1')
}
