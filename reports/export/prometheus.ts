/**
 * Text for the textfile collector of Prometheus' node_exporter: gauges in base units, without timestamps, which the collector
 * refuses (its README; https://prometheus.io/docs/instrumenting/exposition_formats/).
 */
import { hostFacts, paramsText } from './names.ts'
import type { ExportedCell, ExportedRun, Exporter, Measure } from './types.ts'

type Labels = Readonly<Record<string, string>>

interface Sample {
  labels: Labels
  value: number
}

interface Family {
  name: string
  help: string
  samples: readonly Sample[]
}

export const prometheus: Exporter = (runs) => ({
  text: runs
    .flatMap(familiesOf)
    .filter(({ samples }) => samples.length > 0)
    .map(textOf)
    .join(''),
})

function familiesOf(exported: ExportedRun): Family[] {
  return [
    ...runFamilies(exported),
    ...UNITS.flatMap((unit) => valueFamilies(exported, unit)),
    ...cellFamilies(exported),
  ]
}

function runFamilies({ run, gate }: ExportedRun): Family[] {
  const { started, ...facts } = hostFacts(run)
  const times = [
    ['started', started ?? '', 'Start of the run, seconds since 1970'],
    ['ended', run.endedAt, 'End of the run, seconds since 1970'],
  ] as const
  return [
    {
      name: 'bench_run_info',
      help: 'The run and its host',
      samples: [{ labels: { ...facts, state: run.state }, value: 1 }],
    },
    ...times.map(([name, at, help]) => ({
      name: `bench_run_${name}_timestamp_seconds`,
      help,
      samples: at === null ? [] : [{ labels: {}, value: Date.parse(at) / 1000 }],
    })),
    {
      name: 'bench_gate_outcome',
      help: 'Outcome of the gate of the run: 1 for the one in the label',
      samples: gate === null ? [] : [{ labels: { outcome: gate.outcome }, value: 1 }],
    },
  ]
}

/** Unit of the data, name of the metrics with it, and what they measure. */
const UNITS = [
  { unit: 's', name: 'seconds', what: 'Duration of a phase' },
  { unit: 'bytes', name: 'bytes', what: 'Size that a phase or a sample counts' },
  { unit: 'bytes/s', name: 'bytes_per_second', what: 'Throughput of a phase' },
  { unit: 'iops', name: 'operations_per_second', what: 'Rate of a phase' },
  { unit: 'count', name: 'operations', what: 'Number that a phase or a sample counts' },
  { unit: 'ratio', name: 'ratio', what: 'Headline divided by that of the control in the same round' },
] as const satisfies readonly { unit: Measure['unit']; name: string; what: string }[]

const FIGURES = [
  { key: 'median', what: 'median' },
  { key: 'low', what: 'lower end of the interval of the median' },
  { key: 'high', what: 'upper end of the interval of the median' },
] as const

/** The median of each measure in this unit, and its interval. */
function valueFamilies({ cells }: ExportedRun, { unit, name, what }: (typeof UNITS)[number]): Family[] {
  const measured = cells.flatMap((cell) =>
    cell.measures.filter((measure) => measure.unit === unit).map((measure) => ({ cell, measure })),
  )
  return FIGURES.map(({ key, what: figure }) => ({
    name: `bench_${key}_${name}`,
    help: `${what}: ${figure}`,
    samples: measured.flatMap(({ cell, measure }) => {
      const value = measure[key]
      return value === null ? [] : [{ labels: labelsOf(cell, measure), value }]
    }),
  }))
}

function cellFamilies({ cells }: ExportedRun): Family[] {
  const states = ['completed', 'failed', 'aborted'] as const
  return [
    {
      name: 'bench_samples',
      help: 'Samples of a cell, by how they ended',
      samples: cells.flatMap((cell) =>
        states.map((state) => ({ labels: { ...placeOf(cell), state }, value: cell.summary.samples[state] })),
      ),
    },
    {
      name: 'bench_cell_state',
      help: 'State of a cell: 1 for the one in the label',
      samples: cells.map((cell) => ({ labels: { ...placeOf(cell), state: cell.summary.state }, value: 1 })),
    },
  ]
}

function placeOf({ cell }: ExportedCell): Labels {
  const { configuration, driver, backing, scenario, cache } = cell
  return { configuration, driver, backing, scenario, parameters: paramsText(cell), cache }
}

function labelsOf(cell: ExportedCell, { id, isHeadline }: Measure): Labels {
  return { ...placeOf(cell), measure: id, headline: String(isHeadline) }
}

function textOf({ name, help, samples }: Family): string {
  const lines = samples.map(({ labels, value }) => `${name}${labelText(labels)} ${numberText(value)}\n`)
  return [`# HELP ${name} ${help}\n`, `# TYPE ${name} gauge\n`, ...lines].join('')
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
}

function numberText(value: number): string {
  return String(value)
}
