import type { ExportFormatName, ExportSource, Exported } from '../../harness/contracts/export.ts'
import { bencher } from './bencher.ts'
import { benchstat } from './benchstat.ts'
import { conbench } from './conbench.ts'
import { csv } from './csv.ts'
import { biggerIsBetter, smallerIsBetter } from './github-action-benchmark.ts'
import { junit } from './junit.ts'
import { exportedRun } from './measures.ts'
import { otavaCsv, otavaJson } from './otava.ts'
import { prometheus } from './prometheus.ts'
import type { Exporter } from './types.ts'

const EXPORTERS: Readonly<Record<ExportFormatName, Exporter>> = {
  benchstat,
  bencher,
  'github-action-benchmark': smallerIsBetter,
  'github-action-benchmark-bigger': biggerIsBetter,
  'otava-csv': otavaCsv,
  'otava-json': otavaJson,
  prometheus,
  junit,
  csv,
  conbench,
}

/** Writes runs in a format of another program. Reads their samples once; throws what reading them throws. */
export function exportRuns(sources: readonly ExportSource[], format: ExportFormatName): Exported {
  const runs = sources.map(exportedRun)
  const { text, notes = [] } = EXPORTERS[format](runs)
  const damage = runs.flatMap(({ run }) =>
    run.warnings
      .filter(({ code }) => code.startsWith('results.'))
      .map(({ message }) => `${run.id}: ${message}`),
  )
  return { text, notes: [...damage, ...notes] }
}
