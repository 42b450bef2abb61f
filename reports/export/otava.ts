/**
 * Series of Apache Otava (its docs/CSV.md, and the importers of otava/importer.py): a point in time a run, a series a measure
 * that is watched. Otava knows no epochs, so runs of different fingerprints are noted.
 */
import { plural } from '../format/format.ts'
import { csvLine } from './delimited.ts'
import { isWatched, seriesName } from './names.ts'
import type { ExportedRun, Exporter } from './types.ts'

interface Point {
  run: ExportedRun['run']
  values: ReadonlyMap<string, number>
}

/** A line a run, in the order of time; a series that a run does not have is empty in its line. */
export const otavaCsv: Exporter = (runs) => {
  const points = pointsOf(runs)
  const names = namesOf(points)
  const lines = points.map(({ run, values }) =>
    csvLine([run.startedAt, ...attributesOf(run).values(), ...names.map((name) => values.get(name) ?? null)]),
  )
  const header = csvLine(['time', ...ATTRIBUTES, ...names])
  const partial = names.filter((name) => points.some(({ values }) => !values.has(name)))
  const some = `${plural(partial.length, 'column has', 'columns have')} empty fields, which Otava refuses: ${partial[0]}`
  const notes = [...notesOn(points), ...(partial.length === 0 ? [] : [some])]
  return { text: [header, ...lines, ''].join('\n'), notes }
}

/**
 * An entry a run, in the order of time. Otava's importer lines up the values of a series by their number alone, so a series
 * that not every run has would be shifted: it is left out, with a note.
 */
export const otavaJson: Exporter = (runs) => {
  const points = pointsOf(runs)
  const names = namesOf(points)
  const kept = names.filter((name) => points.every(({ values }) => values.has(name)))
  const entries = points.map(({ run, values }) => ({
    timestamp: Math.floor(Date.parse(run.startedAt) / 1000),
    metrics: kept.map((name) => ({ name, value: values.get(name) })),
    attributes: Object.fromEntries(attributesOf(run)),
  }))
  const left = names.length - kept.length
  const some = `${plural(left, 'series is', 'series are')} left out: not every run has them`
  const notes = [...notesOn(points), ...(left === 0 ? [] : [some])]
  return { text: `${JSON.stringify(entries, null, 2)}\n`, notes }
}

function pointsOf(runs: readonly ExportedRun[]): Point[] {
  const points = runs.map(({ run, cells }) => {
    const watched = cells.flatMap((cell) =>
      cell.measures.filter(isWatched).map((measure) => [seriesName(cell, measure), measure.median] as const),
    )
    return { run, values: new Map(watched) }
  })
  return points.toSorted((a, b) => (a.run.startedAt < b.run.startedAt ? -1 : 1))
}

function namesOf(points: readonly Point[]): string[] {
  return [...new Set(points.flatMap(({ values }) => [...values.keys()]))]
}

const ATTRIBUTES = ['run', 'fingerprint', 'kernel', 'bench']

function attributesOf({ id, host }: ExportedRun['run']): Map<string, string> {
  const values = [id, host.hash, host.kernel, host.bench]
  return new Map(ATTRIBUTES.map((name, index) => [name, values[index] ?? '']))
}

function notesOn(points: readonly Point[]): string[] {
  const fingerprints = new Set(points.map(({ run }) => run.host.hash))
  if (fingerprints.size < 2) return []
  return [
    `the runs have ${fingerprints.size} fingerprints: a change may be the host's; bench history tells them apart`,
  ]
}
