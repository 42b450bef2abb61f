/**
 * JUnit XML of the gate: a suite a run, a test case a cell. Only what was judged passes: a cell that no gate has judged is
 * skipped, one that the gate could not judge is an error, both with the reason. The form: junit-10.xsd of Jenkins' xUnit plugin.
 */
import type { Gate } from '../../harness/contracts/compare.ts'
import { cellText } from '../compare/lines.ts'
import { hostFacts } from './names.ts'
import type { ExportedCell, ExportedRun, Exporter } from './types.ts'

type Outcome = { is: 'passed' } | { is: 'skipped' | 'failure' | 'error'; why: readonly string[] }

export const junit: Exporter = (runs) => ({
  text: [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    ...runs.flatMap(suiteLines),
    '</testsuites>',
    '',
  ].join('\n'),
})

function suiteLines({ run, gate, cells }: ExportedRun): string[] {
  const cases = cells.map((cell) => ({ cell, outcome: outcomeOf(cell, gate) }))
  const count = (is: Outcome['is']) => cases.filter(({ outcome }) => outcome.is === is).length
  const head = {
    name: run.id,
    tests: String(cases.length),
    failures: String(count('failure')),
    errors: String(count('error')),
    skipped: String(count('skipped')),
    timestamp: run.startedAt.slice(0, 19),
  }
  const facts = { ...hostFacts(run), gate: gate?.outcome ?? 'none', baseline: gate?.baseline ?? 'none' }
  const properties = Object.entries(facts).map(
    ([name, value]) => `      <property${attributes({ name, value })}/>`,
  )
  return [
    `  <testsuite${attributes(head)}>`,
    '    <properties>',
    ...properties,
    '    </properties>',
    ...cases.flatMap(({ cell, outcome }) => caseLines(cell, outcome)),
    '  </testsuite>',
  ]
}

function caseLines({ cell }: ExportedCell, outcome: Outcome): string[] {
  const head = attributes({ classname: cell.scenario, name: cellText(cell) })
  if (outcome.is === 'passed') return [`    <testcase${head}/>`]
  const [message = ''] = outcome.why
  return [
    `    <testcase${head}>`,
    `      <${outcome.is}${attributes({ message })}>${escaped(outcome.why.join('\n'))}</${outcome.is}>`,
    '    </testcase>',
  ]
}

function outcomeOf({ cell, summary }: ExportedCell, gate: Gate | null): Outcome {
  const { state, reason, hint } = summary
  const why = [reason, hint].filter((text) => text !== null)
  if (state === 'unsupported') return { is: 'skipped', why: ['not supported here', ...why] }
  if (state === 'failed') return { is: 'failure', why: ['the cell failed', ...why] }
  if (state !== 'completed')
    return { is: 'error', why: [`the cell is ${state}: it was not measured to the end`] }
  return gate === null ? { is: 'skipped', why: [NO_GATE] } : judged(cellText(cell), gate)
}

const NO_GATE = 'no gate has judged this run: bench compare --fail-on-regression'
const FIRST = 'the first run of its fingerprint: there is nothing to compare it with'

/** Returns what a gate says of a cell: its sentences begin with the cell, and its reasons end with one. */
function judged(name: string, gate: Gate): Outcome {
  if (gate.outcome === 'first') return { is: 'skipped', why: [FIRST] }
  const worse = gate.regressions.filter((line) => line.startsWith(`${name}: `))
  if (worse.length > 0) return { is: 'failure', why: worse }
  const reasons = gate.undecided ?? []
  const own = reasons.filter((line) => line.endsWith(`: ${name}`))
  // A reason that names no cell, or one of several, may be that of any cell.
  const shared = own.length > 0 ? own : reasons.filter((line) => isShared(line, name))
  if (shared.length > 0) return { is: 'error', why: shared.map((line) => `undecided: ${line}`) }
  return { is: 'passed' }
}

/** Tells whether a reason is not that of one other cell alone. */
function isShared(line: string, name: string): boolean {
  const [, named = ''] = /: (.+ in .+)$/.exec(line) ?? []
  return named === '' || named.startsWith(`${name} and `) || / and [\d,]+ more cells?$/.test(named)
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('')
}

/** What XML 1.0 allows: https://www.w3.org/TR/xml/#charsets. */
const ILLEGAL = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

function escaped(text: string): string {
  return text
    .replaceAll(ILLEGAL, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
}
