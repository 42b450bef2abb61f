/**
 * Benchmark results of Conbench, as its HTTP API takes them one by one (POST /api/benchmark-results/; the schema
 * BenchmarkResultCreate of conbench/entities/benchmark_result.py). The host is a cluster of one machine: a machine needs sizes of
 * caches that a fingerprint does not hold, and a cluster takes what is known.
 */
import { plural } from '../format/format.ts'
import { isWatched } from './names.ts'
import type { ExportedCell, ExportedRun, Exporter, Measure } from './types.ts'

/** The units that Conbench knows (conbench/units.py), by ours. */
const UNITS: Readonly<Partial<Record<Measure['unit'], string>>> = {
  s: 's',
  bytes: 'B',
  'bytes/s': 'B/s',
  iops: 'i/s',
}

const WITHOUT_REPOSITORY =
  'Conbench asks for a repository, which a run does not name: add github.repository to each result'

export const conbench: Exporter = (runs) => {
  const entries = runs.flatMap((run) => run.cells.flatMap((cell) => resultsOf(run, cell)))
  const others = runs.flatMap(({ cells }) =>
    cells.flatMap(({ measures }) =>
      measures.filter((measure) => isWatched(measure) && UNITS[measure.unit] === undefined),
    ),
  )
  const left = `${plural(others.length, 'ratio or count', 'ratios and counts')} left out: Conbench has no unit for them`
  const notes = [WITHOUT_REPOSITORY, ...(others.length === 0 ? [] : [left])]
  return { text: `${JSON.stringify(entries, null, 2)}\n`, notes }
}

function resultsOf(exported: ExportedRun, cell: ExportedCell): object[] {
  const { summary, measures } = cell
  const { run } = exported
  const common = {
    run_id: run.id,
    batch_id: `${run.id}/${cell.cell.scenario}`,
    run_reason: 'bench',
    run_tags: { command: run.command, profile: run.options.profile },
    timestamp: run.startedAt,
    context: {},
    info: { bench: run.host.bench, fingerprint: run.host.hash, kernel: run.host.kernel },
    cluster_info: clusterOf(run),
  }
  if (summary.state === 'failed' || summary.state === 'aborted') {
    const error = { state: summary.state, reason: summary.reason, hint: summary.hint }
    return [{ ...common, tags: tagsOf(cell, null), error }]
  }
  return measures.flatMap((measure) => {
    const unit = UNITS[measure.unit]
    if (unit === undefined) return []
    return [{ ...common, tags: tagsOf(cell, measure), stats: { data: [...measure.byRound.values()], unit } }]
  })
}

/** The tags make the history of a case: what stays the same from run to run. */
function tagsOf({ cell }: ExportedCell, measure: Measure | null): Record<string, string> {
  const { scenario, configuration, cache, params } = cell
  return {
    ...params,
    name: scenario,
    configuration,
    cache,
    ...(measure === null ? {} : { measure: measure.id }),
  }
}

function clusterOf({ host, options }: ExportedRun['run']) {
  const { cpu, disk, memoryBytes, virtualization } = host
  const info = {
    cpu: cpu.model,
    cores: cpu.cores,
    memoryBytes,
    disk: disk.model,
    rotational: disk.rotational,
    virtualization,
    scratch: options.scratch.kind,
  }
  return { name: host.hash, info, optional_info: { distribution: host.distribution } }
}
