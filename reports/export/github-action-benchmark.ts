/**
 * Custom results of github-action-benchmark (its README, "customBiggerIsBetter and customSmallerIsBetter"): an array of
 * `{name, unit, value, range, extra}`, and one direction a file.
 */
import { plural } from '../format/format.ts'
import { isWatched, seriesName } from './names.ts'
import type { ExportedCell, ExportedRun, Exporter, Measure } from './types.ts'

export const smallerIsBetter: Exporter = (runs) => resultsOf(runs, 'lower')
export const biggerIsBetter: Exporter = (runs) => resultsOf(runs, 'higher')

function resultsOf(runs: readonly ExportedRun[], better: Measure['better']): ReturnType<Exporter> {
  const watched = runs.flatMap((run) =>
    run.cells.flatMap((cell) => cell.measures.filter(isWatched).map((measure) => ({ run, cell, measure }))),
  )
  const kept = watched.filter(({ measure }) => measure.better === better)
  const results = kept.map(({ run, cell, measure }) => resultOf(run, cell, measure))
  return {
    text: `${JSON.stringify(results, null, 2)}\n`,
    notes: notesOn(watched.length - kept.length, better),
  }
}

function resultOf({ run }: ExportedRun, cell: ExportedCell, measure: Measure) {
  const { median, low, high, n, unit } = measure
  return {
    name: seriesName(cell, measure),
    unit: unit === 'ratio' ? '×' : unit,
    value: median,
    ...(low === null || high === null ? {} : { range: `${low} – ${high}` }),
    extra: [run.id, plural(n, 'sample'), `kernel ${run.host.kernel}`, `fingerprint ${run.host.hash}`].join(
      '\n',
    ),
  }
}

function notesOn(others: number, better: Measure['better']): string[] {
  if (others === 0) return []
  const [direction, format] =
    better === 'lower' ? ['more', 'github-action-benchmark-bigger'] : ['less', 'github-action-benchmark']
  return [`${plural(others, 'measure')} of which ${direction} is better: export ${format} too`]
}
