/** Everything that the templates print: text only, no arithmetic is left to them. */
import { hostLine } from '../../../format/host-line.ts'
import { plural } from '../../../format/format.ts'
import { groupBy } from '../../../summary/group-by.ts'
import { RUN_STATES, runFacts } from '../../../format/run-facts.ts'
import type { Panel, Summary } from '../../../summary/types.ts'
import type { Sentence } from '../../../verdict/sentence.ts'
import { verdict } from '../../../verdict/verdict.ts'
import type { Masthead } from '../shell.ts'
import type { ChartSpec } from './chart-spec.ts'
import type { ChartView } from './chart-view.ts'
import { chartsOf } from './charts.ts'
import { environment, type FactSection } from './environment.ts'
import { overviewTable, type OverviewTable } from './overview-table.ts'
import { calibrationView, type CalibrationView } from './calibration.ts'
import { countersTable } from './counters-table.ts'
import { headlineTable } from './headline-table.ts'
import { keepTogether } from './labels.ts'
import { method, type MethodView } from './method.ts'
import { assignStyles, type Styles } from './palette.ts'
import { phasesTable } from './phases-table.ts'
import { missingText, type TableView } from './table.ts'
import { validationView, type ValidationView } from './validation.ts'

export interface PageView extends Masthead {
  /** `sentence` is empty for a run that came to its end. */
  state: { name: string; text: string; sentence: string }
  /** How the comparisons came out, and what the reader must not miss; above everything else. */
  overview: readonly VerdictSentence[]
  verdict: readonly VerdictGroup[]
  overviewTable: OverviewTable
  scenarios: readonly ScenarioView[]
  missing: readonly { configuration: string; what: string; reason: string; hint: string }[]
  warnings: readonly { code: string; message: string; count: string }[]
  environment: readonly FactSection[]
  method: MethodView
  validation: ValidationView | null
  calibration: CalibrationView | null
}

interface VerdictSentence {
  text: string
  tone: Sentence['tone']
}

interface VerdictGroup {
  title: string
  sentences: readonly VerdictSentence[]
}

interface ScenarioView {
  id: string
  title: string
  question: string
  panels: readonly PanelView[]
}

interface PanelView {
  id: string
  title: string
  charts: readonly ChartView[]
  table: TableView
  phases: TableView | null
  counters: TableView | null
  /** The second table holds what a chart shows, so it is not folded away. */
  phasesOpen: boolean
}

export function pageView(summary: Summary): PageView {
  const { run } = summary
  const styles = assignStyles(run.drivers)
  const sentences = verdict(summary)
  const content = contentOf(summary, styles)
  return {
    ...content,
    contents: contentsOf(content),
    title: 'Storage driver benchmark',
    host: hostLine(run.host),
    facts: runFacts(summary),
    state: {
      name: run.state,
      text: RUN_STATES[run.state],
      sentence: sentences.find(({ tone }) => tone === 'state')?.text ?? '',
    },
    overview: sentences.filter(isOnTop).map(({ text, tone }) => ({ text: keepTogether(text), tone })),
    verdict: groupSentences(sentences, summary),
    overviewTable: overviewTable(summary, styles),
    bench: run.host.bench,
  }
}

/** The sections below the verdict. */
function contentOf(summary: Summary, styles: Styles) {
  const { run } = summary
  return {
    scenarios: scenarioViews(summary.panels, styles),
    missing: missingCells(summary),
    warnings: summary.warnings.map(({ code, message, count, of }) => ({
      code,
      message,
      count: of === 'run' ? 'the run' : plural(count, of),
    })),
    environment: environment(run.host),
    method: method(summary),
    validation: validationView(summary.validation),
    calibration: calibrationView(run.calibration),
  }
}

function contentsOf(content: ReturnType<typeof contentOf>): Masthead['contents'] {
  return [
    { anchor: 'verdict', title: 'Verdict' },
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
  return scenarios.flatMap(({ panels }) => panels.flatMap(({ charts }) => charts.map(({ spec }) => spec)))
}

/** Said above the table: what to read before any figure, and how the comparisons came out. */
function isOnTop({ tone }: Sentence): boolean {
  return tone === 'alarm' || tone === 'overview'
}

/** The sentences on the whole run, then those of each scenario under its title. */
function groupSentences(sentences: readonly Sentence[], { run }: Summary): VerdictGroup[] {
  const told = sentences
    .filter((one) => one.tone !== 'state' && !isOnTop(one))
    .map((one) => ({ ...one, text: keepTogether(one.text) }))
  const groups = groupBy(told, ({ scenario }) => scenario)
  const titled = run.scenarios.map(({ id, title }) => ({ title, sentences: groups.get(id) ?? [] }))
  const whole = { title: 'The run', sentences: groups.get(null) ?? [] }
  return [...titled, whole].filter((group) => group.sentences.length > 0)
}

function scenarioViews(panels: readonly Panel[], styles: Styles): ScenarioView[] {
  return [...groupBy(panels, ({ scenario }) => scenario)].map(([{ id, title, question }, own]) => ({
    id,
    title,
    question,
    panels: own.map((panel) => panelView(panel, styles)),
  }))
}

function panelView(panel: Panel, styles: Styles): PanelView {
  const charts = chartsOf(panel, styles)
  return {
    id: panel.id,
    title: panel.title,
    charts,
    table: headlineTable(panel, styles),
    phases: phasesTable(panel, styles),
    counters: countersTable(panel, styles),
    phasesOpen: panel.axis === null && charts.length > 1,
  }
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
