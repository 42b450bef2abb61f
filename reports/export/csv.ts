import { csvLine, type CsvValue } from './delimited.ts'
import { paramsText } from './names.ts'
import type { ExportedCell, ExportedRun, Exporter } from './types.ts'

const PLACE = [
  'run',
  'started',
  'fingerprint',
  'kernel',
  'configuration',
  'scenario',
  'parameters',
  'cache',
  'state',
]
const VALUE = ['measure', 'kind', 'unit', 'better', 'round', 'value']

/** A line a measured value. A cell without samples has one line, in which the measure and its value are empty. */
export const csv: Exporter = (runs) => {
  const lines = runs.flatMap((run) => run.cells.flatMap((cell) => linesOf(run, cell)))
  return { text: [csvLine([...PLACE, ...VALUE]), ...lines, ''].join('\n') }
}

function linesOf({ run }: ExportedRun, { cell, summary, measures }: ExportedCell): string[] {
  const { configuration, scenario, cache } = cell
  const of: CsvValue[] = [run.id, run.startedAt, run.host.hash, run.host.kernel]
  const place = [...of, configuration, scenario, paramsText(cell), cache, summary.state]
  if (measures.length === 0) return [csvLine([...place, ...VALUE.map(() => null)])]
  return measures.flatMap(({ id, kind, unit, better, byRound }) =>
    [...byRound].map(([round, value]) => csvLine([...place, id, kind, unit, better, round, value])),
  )
}
