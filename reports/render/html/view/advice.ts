/** Which driver for what, as sentences for the first screen and as a table below it. */
import type { RoundTime } from '../../../format/answer.ts'
import { axisText } from '../../../format/axis-value.ts'
import { formatCount, formatRatio, formatValue, NOTHING } from '../../../format/format.ts'
import type { Axis } from '../../../summary/types.ts'
import { type Advice, adviceOf, type Avoided } from '../../../verdict/advice.ts'
import { answersOf, type QuestionAnswer } from '../../../verdict/answers.ts'
import type { BreakEven } from '../../../verdict/break-even.ts'
import type { Matrix, MatrixQuestion } from '../../../verdict/matrix.ts'
import { whyOf } from '../../../verdict/why.ts'
import { keepTogether } from './labels.ts'
import type { LegendEntry } from './chart-view.ts'
import { type Styles, styleOf } from './palette.ts'
import { seriesSwatch } from './swatch.ts'

/** Most answers on the first screen; the others begin their group of the table. */
const MOST_ANSWERS = 6

export interface AdviceView {
  answers: readonly AnswerView[]
  /** Whether any question has an axis along which costs break even. */
  hasAxis: boolean
  groups: readonly AdviceGroup[]
}

interface AnswerView {
  subject: string
  text: string
}

interface AdviceGroup {
  title: string
  anchor: string
  /** The answer, where the first screen has no room for it; else empty. */
  answer: string
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
  const answers = answersOf(matrix, time)
  const gravest = answers.toSorted((a, b) => b.gravity - a.gravity).slice(0, MOST_ANSWERS)
  const groups = adviceOf(matrix)
    .filter(({ question, best }) => question.against === 'best' && best.length > 0)
    .map((advice) => {
      const later = answers.find((one) => one.question === advice.question && !gravest.includes(one))
      return groupOf(advice, later?.text ?? '', styles)
    })
    .filter(({ answer, rows }) => answer !== '' || rows.length > 0)
  return {
    answers: answers.filter((one) => gravest.includes(one)).map(answerView),
    hasAxis: groups.some(({ rows }) => rows.some(({ breakEvens }) => breakEvens.length > 0)),
    groups,
  }
}

function answerView({ subject, text }: QuestionAnswer): AnswerView {
  return { subject: keepTogether(subject), text: keepTogether(text) }
}

function titleOf({ panel, detail }: MatrixQuestion): string {
  return [panel.scenario.title, detail].filter((part) => part !== '').join(', ')
}

function groupOf({ question, best, avoid }: Advice, answer: string, styles: Styles): AdviceGroup {
  return {
    title: titleOf(question),
    anchor: question.panel.id,
    answer: keepTogether(answer),
    rows: avoid.map((one) => rowOf(one, best[0], question.panel.axis?.kind ?? null, styles)),
  }
}

function rowOf(
  { cell, atLeast, breakEvens }: Avoided,
  best: Advice['best'][number] | undefined,
  kind: Axis['kind'] | null,
  styles: Styles,
): AdviceRow {
  const { configuration } = cell.cell.cell
  return {
    configuration: seriesSwatch(configuration, styleOf(styles, configuration)),
    cost: formatValue(cell.median, cell.phase?.phase.unit ?? 's'),
    factor: atLeast === null ? `${formatRatio(cell.factor)} as measured` : `at least ${formatRatio(atLeast)}`,
    why: keepTogether(whyOf(cell, best)) || NOTHING,
    breakEvens: kind === null ? [] : breakEvens.map((one) => breakEvenText(one, kind)),
  }
}

function breakEvenText(found: BreakEven | null, kind: Axis['kind']): string {
  if (found === null) return NOTHING
  switch (found.is) {
    case 'everywhere':
      return `every ${kind}`
    case 'nowhere':
      return `not up to ${axisText(kind, found.upTo, formatCount(found.upTo))}`
    case 'from':
      return roughly(found.x, kind)
  }
}

/** Two digits, which is what an interpolation is worth: `7.1 MiB`, `110 MiB`, `4.2 %`. */
function roughly(value: number, kind: Axis['kind']): string {
  const step = kind === 'size' ? 1024 ** Math.max(0, Math.floor(Math.log(value) / Math.log(1024))) : 1
  const rounded = Number((value / step).toPrecision(2)) * step
  return axisText(kind, rounded, formatCount(rounded))
    .replace(/\.?0+(?= |$)/, (zeros) => (zeros.startsWith('.') ? '' : zeros))
    .replace(/(\.\d)0\b/, '$1')
}
