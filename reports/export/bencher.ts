/**
 * Bencher Metric Format v1, the adapter `json_v1`: a benchmark has entries, each with parameters and measures. Limits of its
 * server (lib/bencher_adapter and lib/bencher_valid): 8 parameters, 8 named values a measure, 64 bytes for a key, a string or
 * the name of a measure, 1024 for that of a benchmark.
 */
import { paramsText } from './names.ts'
import type { ExportedCell, Exporter, Measure } from './types.ts'

const MOST_PARAMETERS = 8
const MOST_BYTES = 64
const MOST_NAME_BYTES = 1024

interface Entry {
  parameters: Record<string, string>
  measures: Record<string, Record<string, number>>
}

export const bencher: Exporter = (runs) => {
  const benchmarks: Record<string, Entry[]> = {}
  const notes: string[] = []
  for (const { cell, measures } of runs.flatMap(({ cells }) => cells)) {
    if (measures.length === 0) continue
    const { name, parameters } = placeOf(cell)
    if (bytesOf(name) > MOST_NAME_BYTES) {
      notes.push(`${cell.id} is left out: its name would be longer than ${MOST_NAME_BYTES} bytes`)
      continue
    }
    const entry = { parameters, measures: Object.fromEntries(measures.map(valuesOf)) }
    benchmarks[name] = [...(benchmarks[name] ?? []), entry]
  }
  return { text: `${JSON.stringify(benchmarks, null, 2)}\n`, notes }
}

/** Returns the name of the benchmark and its parameters; parameters beyond the limits are part of the name. */
function placeOf(cell: ExportedCell['cell']): { name: string; parameters: Record<string, string> } {
  const { scenario, configuration, cache, params } = cell
  const parameters = { configuration, cache, ...params }
  const fit =
    Object.keys(parameters).length <= MOST_PARAMETERS &&
    Object.entries(parameters)
      .flat()
      .every((text) => bytesOf(text) <= MOST_BYTES && text.trim() !== '')
  if (fit) return { name: scenario, parameters }
  const name = [scenario, configuration, paramsText(cell)].filter((part) => part !== '').join(' ')
  return { name, parameters: { cache } }
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text)
}

const UNITS: Readonly<Record<Measure['unit'], string>> = {
  s: '-seconds',
  bytes: '',
  'bytes/s': '-bytes-per-second',
  iops: '-iops',
  count: '',
  ratio: '',
}

function valuesOf({ id, unit, median, low, high, p95, p99 }: Measure) {
  const named = { value: median, lower_value: low, upper_value: high, p95, p99 }
  const known = Object.entries(named).flatMap(([key, value]) =>
    value === null ? [] : [[key, value] as const],
  )
  return [`${id}${UNITS[unit]}`.slice(0, MOST_BYTES), Object.fromEntries(known)] as const
}
