import type { DigestPoint, RunDigest } from '../../harness/contracts/history.ts'
import type { RunSamples } from '../../harness/contracts/report.ts'
import { pairedRatio } from '../../harness/statistics/paired-ratio.ts'
import { median } from '../../harness/statistics/quantile.ts'
import type { CellCollector } from '../summary/collector.ts'
import { finite } from '../summary/finite.ts'
import { collect } from '../summary/summarize.ts'

/** Characters of a hash that suffice to tell images apart. */
const HASH_LENGTH = 16

/** Returns what a history keeps of a run. Reads its samples once; throws what reading them throws. */
export function digestOf({ run, samples }: RunSamples): RunDigest {
  const { cells } = collect(run, samples)
  const { id, startedAt, state, host, options } = run
  return {
    id,
    startedAt,
    state,
    host,
    scratch: options.scratch.kind,
    disturbed: Object.keys(options.injected).length > 0 || options.load !== 'none',
    points: [...cells.values()].flatMap((cell) => {
      const image = run.images[cell.cell.image]?.manifest.slice(0, HASH_LENGTH) ?? ''
      return pointOf(cell, cells.get(cell.cell.control ?? ''), image)
    }),
  }
}

function pointOf(collected: CellCollector, control: CellCollector | undefined, image: string): DigestPoint[] {
  const { cell, headline } = collected
  const values = headline?.values.known() ?? []
  const middle = median(values)
  if (headline === null || middle === null) return []
  const { id, configuration, scenario, label, cache } = cell
  const { id: phase, title, unit, better } = headline.phase
  return [
    {
      cell: { id, configuration, scenario, label, cache, phase, title, unit, better, control: cell.control },
      image,
      n: values.length,
      median: middle,
      ratio: ratioOf(collected, control),
    },
  ]
}

function ratioOf(own: CellCollector, control: CellCollector | undefined): number | null {
  const other = control?.phase(own.headline?.phase.id ?? '') ?? null
  if (control === undefined || other === null) return null
  return finite(pairedRatio(own.byRound(own.headline), control.byRound(other))?.ratio)
}
