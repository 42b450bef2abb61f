/**
 * Text for benchstat, a line a sample. The format: https://go.dev/design/14313-benchmark-format and the package
 * golang.org/x/perf/benchfmt, whose `Unit` lines say which direction is better and what may be assumed of the values.
 */
import { hostFacts } from './names.ts'
import type { ExportedCell, ExportedRun, Exporter, Measure } from './types.ts'

export const benchstat: Exporter = (runs) => {
  const units = unitLines(runs)
  const text = runs.flatMap((run) => [...factLines(run), '', ...run.cells.flatMap(sampleLines), ''])
  return { text: [...units, '', ...text].join('\n') }
}

/** Returns one line a unit: it holds for the whole file, so it is exact only where the values of every cell are. */
function unitLines(runs: readonly ExportedRun[]): string[] {
  const units = new Map<string, { better: Measure['better']; exact: boolean }>()
  for (const measure of runs.flatMap(({ cells }) => cells.flatMap(({ measures }) => measures))) {
    const known = units.get(unitOf(measure))
    const exact = measure.kind === 'counter' && measure.exact && (known?.exact ?? true)
    units.set(unitOf(measure), { better: measure.better, exact })
  }
  return [...units].map(
    ([unit, { better, exact }]) => `Unit ${unit} better=${better} assume=${exact ? 'exact' : 'nothing'}`,
  )
}

/** The start is in the name of the run; as a fact of its own, it would part the runs into tables that are not compared. */
function factLines({ run }: ExportedRun): string[] {
  const { started: _, ...facts } = hostFacts(run)
  return Object.entries(facts).map(([key, value]) => `${key}: ${value.replaceAll(/\s+/g, ' ')}`)
}

/** Returns a line a round. A measure that a sample does not have is not on its line. */
function sampleLines({ cell, measures }: ExportedCell): string[] {
  const name = nameOf(cell)
  const rounds = new Set(measures.flatMap(({ byRound }) => [...byRound.keys()]))
  return [...rounds].map((round) => {
    const values = measures.flatMap((measure) => {
      const value = measure.byRound.get(round)
      return value === undefined ? [] : [`${value} ${unitOf(measure)}`]
    })
    return [name, 1, ...values].join(' ')
  })
}

/**
 * Returns `BenchmarkBigfile/configuration=overlay2@ext4/size=1M/cache=cold`. The cache state comes last: a name that ends in a
 * number would say GOMAXPROCS.
 */
function nameOf({ scenario, configuration, params, cache }: ExportedCell['cell']): string {
  const parts = Object.entries({ configuration, ...params }).map(([key, value]) => `${key}=${escaped(value)}`)
  const name = scenario.charAt(0).toUpperCase() + scenario.slice(1)
  return [`Benchmark${escaped(name)}`, ...parts, `cache=${cache}`].join('/')
}

/** Escapes what ends a name or a part of one. */
function escaped(text: string): string {
  return text.replaceAll(/[\s/%]/g, (character) => encodeURIComponent(character))
}

const UNITS: Readonly<Record<Measure['unit'], string>> = {
  s: '-sec/op',
  bytes: '-B/op',
  'bytes/s': '-B/s',
  iops: '-IO/s',
  count: '/op',
  ratio: '',
}

/** benchstat scales a unit that ends in `sec` or `B`, and compares what has the same unit. */
function unitOf({ id, unit }: Measure): string {
  return `${id}${UNITS[unit]}`
}
