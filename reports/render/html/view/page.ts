/** Everything that the templates print: text only, no arithmetic is left to them. */
import { hostLine } from '../../../format/host-line.ts'
import { plural } from '../../../format/format.ts'
import { groupBy } from '../../../summary/group-by.ts'
import { RUN_STATES, runFacts } from '../../../format/run-facts.ts'
import type { Panel, Summary } from '../../../summary/types.ts'
import type { Sentence } from '../../../verdict/sentence.ts'
import { matrixOf } from '../../../verdict/matrix.ts'
import { describeGrowth, describeLabelled } from '../../../verdict/panel-rules.ts'
import { verdict } from '../../../verdict/verdict.ts'
import type { Masthead } from '../shell.ts'
import type { ChartSpec } from './chart-spec.ts'
import { environment, type FactSection } from './environment.ts'
import { adviceView, type AdviceView } from './advice.ts'
import { calibrationView, type CalibrationView } from './calibration.ts'
import { matrixView, type MatrixView } from './matrix-table.ts'
import { keepTogether } from './labels.ts'
import { method, type MethodView } from './method.ts'
import { assignStyles, type Styles } from './palette.ts'
import { panelView, type PanelView } from './panel.ts'
import { missingText } from './table.ts'
import { validationView, type ValidationView } from './validation.ts'

export interface PageView extends Masthead {
  /** `sentence` is empty for a run that came to its end. */
  state: { name: string; text: string; sentence: string }
  /** What the reader must not miss; above everything else. */
  alarms: readonly SentenceView[]
  advice: AdviceView
  matrix: MatrixView
  /** How the comparisons came out, and how far to trust them. */
  trust: readonly SentenceView[]
  scenarios: readonly ScenarioView[]
  missing: readonly { configuration: string; what: string; reason: string; hint: string }[]
  warnings: readonly { code: string; message: string; count: string }[]
  warningsNote: string
  environment: readonly FactSection[]
  method: MethodView
  validation: ValidationView | null
  calibration: CalibrationView | null
}

interface SentenceView {
  text: string
  tone: Sentence['tone']
}

interface ScenarioView {
  id: string
  title: string
  question: string
  sentences: readonly SentenceView[]
  panels: readonly PanelView[]
}

export function pageView(summary: Summary): PageView {
  const { run } = summary
  const styles = assignStyles(run.drivers)
  const sentences = verdict(summary)
  const matrix = matrixOf(summary)
  const content = contentOf(summary, styles)
  const advice = adviceView(matrix, summary, styles)
  return {
    ...content,
    contents: contentsOf(content, advice),
    title: 'What does each storage driver cost here?',
    host: hostLine(run.host),
    facts: runFacts(summary),
    state: {
      name: run.state,
      text: RUN_STATES[run.state],
      sentence: sentences.find(({ tone }) => tone === 'state')?.text ?? '',
    },
    alarms: sentences.filter(({ tone }) => tone === 'alarm').map(sentenceView),
    advice,
    matrix: matrixView(matrix, summary, styles),
    trust: sentences.filter(({ tone }) => tone === 'overview' || tone === 'caution').map(sentenceView),
    bench: run.host.bench,
  }
}

/** The sections below the verdict. */
function contentOf(summary: Summary, styles: Styles) {
  const { run } = summary
  return {
    scenarios: scenarioViews(summary, summary.panels, styles),
    missing: missingCells(summary),
    warnings: summary.warnings.map(({ code, message, count, of }) => ({
      code,
      message,
      count: of === 'run' ? 'the run' : plural(count, of),
    })),
    warningsNote: summary.warnings.length === 0 ? 'no warnings' : plural(summary.warnings.length, 'warning'),
    environment: environment(run.host),
    method: method(summary),
    validation: validationView(summary.validation),
    calibration: calibrationView(run.calibration),
  }
}

function contentsOf(content: ReturnType<typeof contentOf>, advice: AdviceView): Masthead['contents'] {
  return [
    { anchor: 'verdict', title: 'Answer' },
    ...(advice.groups.length === 0 ? [] : [{ anchor: 'advice', title: 'What to avoid' }]),
    ...content.scenarios.map(({ id, title }) => ({ anchor: `scenario-${id}`, title })),
    ...(content.validation === null ? [] : [{ anchor: 'validation', title: 'Equals' }]),
    ...(content.missing.length === 0 ? [] : [{ anchor: 'missing', title: 'Not measured' }]),
    { anchor: 'warnings', title: 'Warnings' },
    { anchor: 'method', title: 'Method' },
    ...(content.calibration === null ? [] : [{ anchor: 'calibration', title: 'Calibration' }]),
    { anchor: 'environment', title: 'Environment' },
    { anchor: 'raw', title: 'Raw data' },
  ]
}

/** Charts for the page's script. */
export function chartSpecs({ scenarios }: PageView): ChartSpec[] {
  return scenarios.flatMap(({ panels }) =>
    panels.flatMap(({ charts, moreCharts }) => [...charts, ...moreCharts].map(({ spec }) => spec)),
  )
}

function sentenceView({ text, tone }: Sentence): SentenceView {
  return { text: keepTogether(text), tone }
}

function scenarioViews(summary: Summary, panels: readonly Panel[], styles: Styles): ScenarioView[] {
  return [...groupBy(panels, ({ scenario }) => scenario)].map(([{ id, title, question }, own]) => ({
    id,
    title,
    question,
    sentences: own
      .flatMap((panel) => [...describeGrowth(panel), ...describeLabelled(panel, summary)])
      .map(sentenceView),
    panels: own.map((panel) => panelView(panel, styles)),
  }))
}

/** Cells that have a reason for having nothing, or less than all; equal ones of one configuration together. */
function missingCells({ cells }: Summary): PageView['missing'] {
  const stopped = cells.filter(({ state }) => state !== 'completed')
  const groups = groupBy(stopped, (cell) =>
    JSON.stringify([cell.cell.configuration, missingText(cell), cell.hint]),
  )
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const what = [...new Set(group.map(({ cell }) => `${cell.scenario}: ${cell.label}`))]
    return [
      {
        configuration: first.cell.configuration,
        what: what.join('; '),
        reason: missingText(first),
        hint: first.hint ?? '',
      },
    ]
  })
}
