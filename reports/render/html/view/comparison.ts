/** Everything that the page of two runs prints. */
import type { Cell } from '../../../../harness/contracts/cell.ts'
import type { Difference } from '../../../compare/fingerprints.ts'
import { comparedPanels } from '../../../compare/panels.ts'
import { improvementLines, regressionLines } from '../../../compare/lines.ts'
import { comparisonSentences } from '../../../compare/sentences.ts'
import { type Comparison, isComparable } from '../../../compare/types.ts'
import { undecidedLines } from '../../../compare/undecided.ts'
import { hostLine } from '../../../format/host-line.ts'
import { formatShare, plural } from '../../../format/format.ts'
import { groupBy } from '../../../summary/group-by.ts'
import { RUN_STATES, runFacts } from '../../../format/run-facts.ts'
import { ALPHA } from '../../../../harness/statistics/detection.ts'
import type { Summary } from '../../../summary/types.ts'
import type { Masthead } from '../shell.ts'
import type { ChartView } from './chart-view.ts'
import { changeChart } from './change-chart.ts'
import { comparisonTable } from './comparison-table.ts'
import type { Fact } from './environment.ts'
import { keepTogether } from './labels.ts'
import type { Styles } from './palette.ts'
import type { TableView } from './table.ts'

export interface ComparisonView extends Masthead {
  overview: readonly { tone: string; text: string }[]
  /** Regressions, improvements: those that there are. */
  findings: readonly { title: string; lines: readonly string[] }[]
  runs: readonly { role: string; id: string; facts: string; host: string }[]
  differences: { caption: string; columns: readonly string[]; rows: readonly Difference[] }
  scenarios: readonly ScenarioView[]
  /** Cells of one run that the other does not have. */
  lonely: readonly { configuration: string; what: string; run: string }[]
  method: { facts: readonly Fact[] }
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
}

export function comparisonView(comparison: Comparison, styles: Styles): ComparisonView {
  const { baseline, candidate } = comparison
  const scenarios = scenarioViews(comparison, styles)
  const lonely = [
    ...lonelyCells(comparison.onlyBaseline, 'baseline'),
    ...lonelyCells(comparison.onlyCandidate, 'candidate'),
  ]
  return {
    title: 'Storage driver benchmark: two runs compared',
    host: hostLine(candidate.run.host),
    facts: [plural(comparison.cells.length, 'cell'), `threshold ${formatShare(comparison.threshold)}`],
    state: stateOf(comparison),
    contents: [
      { anchor: 'verdict', title: 'Verdict' },
      ...scenarios.map(({ id, title }) => ({ anchor: `scenario-${id}`, title })),
      ...(lonely.length === 0 ? [] : [{ anchor: 'lonely', title: 'Not in both' }]),
      { anchor: 'method', title: 'Method' },
    ],
    bench: candidate.run.host.bench,
    overview: comparisonSentences(comparison).map(({ tone, text }) => ({ tone, text: keepTogether(text) })),
    findings: findingsOf(comparison),
    runs: [runView('Baseline', baseline), runView('Candidate', candidate)],
    differences: {
      caption: 'What differs between the hosts',
      columns: ['Baseline', 'Candidate'],
      rows: comparison.differences,
    },
    scenarios,
    lonely,
    method: { facts: methodOf(comparison) },
  }
}

function stateOf(comparison: Comparison): Masthead['state'] {
  if (!isComparable(comparison)) return { name: 'interrupted', text: 'Side by side' }
  const count = regressionLines(comparison).length
  if (count > 0) return { name: 'failed', text: plural(count, 'regression') }
  return undecidedLines(comparison).length > 0
    ? { name: 'interrupted', text: 'Undecided' }
    : { name: 'completed', text: 'No regression' }
}

function findingsOf(comparison: Comparison): ComparisonView['findings'] {
  const findings = [
    { title: 'Regressions', lines: regressionLines(comparison) },
    { title: 'Improvements', lines: improvementLines(comparison) },
  ]
  return findings
    .filter(({ lines }) => lines.length > 0)
    .map(({ title, lines }) => ({ title, lines: lines.map(keepTogether) }))
}

function runView(role: string, summary: Summary): ComparisonView['runs'][number] {
  const { run } = summary
  const facts = [RUN_STATES[run.state], ...runFacts(summary)].join(', ')
  return { role, id: run.id, facts, host: hostLine(run.host) }
}

function scenarioViews(comparison: Comparison, styles: Styles): ScenarioView[] {
  const groups = groupBy(comparedPanels(comparison), ({ panel }) => panel.scenario)
  return [...groups].map(([{ id, title, question }, panels]) => ({
    id,
    title,
    question,
    panels: panels.map((compared) => {
      const chart = changeChart(compared, comparison.judgedBy, styles)
      return {
        id: compared.panel.id,
        title: compared.panel.title,
        charts: chart === null ? [] : [chart],
        table: comparisonTable(compared, comparison, styles),
      }
    }),
  }))
}

function lonelyCells(cells: readonly Cell[], run: string): ComparisonView['lonely'] {
  return cells.map(({ configuration, scenario, label, cache }) => ({
    configuration,
    what: [scenario, label, `${cache} cache`].filter((part) => part !== '').join(', '),
    run,
  }))
}

function methodOf(comparison: Comparison): Fact[] {
  const threshold = formatShare(comparison.threshold)
  const facts = {
    'The two runs': 'independent samples: no round of one has anything to do with a round of the other',
    Ratio:
      comparison.judgedBy === 'ratios'
        ? 'median of the candidate ÷ that of the baseline, of the headline divided by its control in the same round; its interval from those of the two medians, 95 %'
        : 'median of the candidate ÷ that of the baseline, of the headline; its interval from those of the two medians, 95 %',
    Difference: `rank-sum test, two-sided, p adjusted by Holm over all cells, under ${ALPHA}; and an interval that excludes 1`,
    Regression: `a difference for the worse by more than ${threshold}; another mechanism, a cell that no longer runs, or more bytes in every sample: without statistics`,
    'Drift between days': 'is in the ratio, since nothing pairs the two runs; the controls show it',
  }
  const asIs = { 'Side by side': comparison.incomparableReasons.join(' ') }
  return Object.entries(isComparable(comparison) ? facts : asIs).map(([name, value]) => ({ name, value }))
}
