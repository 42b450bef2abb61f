/** Formats that `bench export` writes for other programs. */
import type { Gate } from './compare.ts'
import type { RunSamples } from './report.ts'

export interface ExportFormat {
  /** Name of the format and of the program that reads it. */
  summary: string
  /** How many runs one file of it holds. */
  runs: 'one' | 'several'
}

export const EXPORT_FORMATS = {
  benchstat: { summary: 'text of Go benchmarks, a line a sample', runs: 'several' },
  bencher: { summary: 'Bencher Metric Format v1 (json_v1)', runs: 'one' },
  'github-action-benchmark': { summary: 'its customSmallerIsBetter: times and counters', runs: 'one' },
  'github-action-benchmark-bigger': { summary: 'its customBiggerIsBetter: rates', runs: 'one' },
  'otava-csv': { summary: 'CSV of Apache Otava, a line a run', runs: 'several' },
  'otava-json': { summary: 'JSON of Apache Otava, an entry a run', runs: 'several' },
  prometheus: { summary: "text for the textfile collector of Prometheus' node_exporter", runs: 'one' },
  junit: { summary: 'JUnit XML of the gate, a test case a cell', runs: 'several' },
  csv: { summary: 'CSV, a line a measured value', runs: 'several' },
  conbench: { summary: 'JSON of Conbench, a benchmark result a measure', runs: 'several' },
} as const satisfies Record<string, ExportFormat>

export type ExportFormatName = keyof typeof EXPORT_FORMATS

/** A run to export, with the outcome of its gate; null where no gate has judged it. */
export interface ExportSource extends RunSamples {
  gate: Gate | null
}

export interface Exported {
  text: string
  /** What the format cannot hold or the reader must know, a sentence each. */
  notes: readonly string[]
}
