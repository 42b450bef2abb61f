/** Where another fingerprint begins: what a cell cost before and after. It is shown with what differs, and not judged. */
import type { HistoryChange } from '../../harness/contracts/history.ts'
import { momentsOf, pooledTTest } from '../../harness/statistics/pooled-t.ts'
import { sideOf } from './changes.ts'
import { type CellEpoch, type Epoch, hostDifferences, type HostLine, type TimePoint } from './timelines.ts'

const ALPHA = 1e-4
/** Runs on each side that are looked at: those next to the border. */
const RUNS = 25
const LEAST_RUNS = 3

/** Returns the cells whose level is another one in the epoch than in the one before. */
export function epochShifts(line: HostLine, epoch: Epoch, threshold: number): HistoryChange[] {
  const index = line.epochs.indexOf(epoch)
  const before = line.epochs[index - 1]
  if (before === undefined) return []
  return epoch.cells.flatMap((after) => {
    const known = before.cells.find(
      ({ cell }) => cell.id === after.cell.id && cell.phase === after.cell.phase,
    )
    return known === undefined ? [] : shiftOf(line, index, known, after, threshold)
  })
}

function shiftOf(
  line: HostLine,
  epoch: number,
  was: CellEpoch,
  is: CellEpoch,
  threshold: number,
): HistoryChange[] {
  const { cell } = is
  const measure = cell.control === null ? 'raw' : 'ratio'
  const first = is.points[0] as TimePoint
  const earlier = was.points.filter(({ run }) => run.startedAt < first.run.startedAt).slice(-RUNS)
  const later = is.points.slice(0, RUNS)
  const [one, other] = [earlier, later].map((points) => logsOf(points, measure))
  const last = earlier.at(-1)
  if (one === undefined || other === undefined || last === undefined) return []
  if (one.length < LEAST_RUNS || other.length < LEAST_RUNS) return []
  const [before, after] = [momentsOf(one, 0, one.length), momentsOf(other, 0, other.length)]
  const p = pooledTTest(before, after)
  const change = after.mean - before.mean
  if (p > ALPHA || Math.abs(change) <= Math.log1p(threshold)) return []
  const factor = Math.exp(cell.better === 'lower' ? change : -change)
  return [
    {
      host: line.host,
      epoch,
      cell: cell.id,
      kind: 'epoch',
      direction: factor > 1 ? 'worse' : 'better',
      factor,
      p,
      measure,
      run: first.run.id,
      folder: first.run.folder,
      at: first.run.startedAt,
      previous: last.run.id,
      before: sideOf(earlier),
      after: sideOf(later),
      differences: hostDifferences(last.run.host, first.run.host),
      accepted: null,
      standing: false,
    },
  ]
}

function logsOf(points: readonly TimePoint[], measure: 'raw' | 'ratio'): number[] {
  return points.flatMap(({ median, ratio }) => {
    const value = measure === 'raw' ? median : ratio
    return value === null || value <= 0 ? [] : [Math.log(value)]
  })
}
