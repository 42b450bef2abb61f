import type {
  History,
  HistoryCell,
  HistoryEpoch,
  HistoryOptions,
  HistoryRun,
  HistorySeries,
} from '../../harness/contracts/history.ts'
import { changesOf, searchCell } from './changes.ts'
import { epochShifts } from './epoch-shifts.ts'
import { hostDifferences, hostLines, type HostLine } from './timelines.ts'

/** Returns the time line of every cell on every host, and where it changed. Runs that say nothing are left out, with the reason. */
export function historyOf(
  all: readonly HistoryRun[],
  unreadable: History['leftOut'],
  { threshold }: HistoryOptions,
): History {
  const { runs, leftOut } = sift(all)
  const lines = hostLines(runs)
  const ordered = lines.flatMap((line) => line.runs)
  const numbers = new Map(ordered.map((run, index) => [run, index]))
  const changes = lines.flatMap((line) =>
    line.epochs.flatMap((epoch) => {
      const searched = epoch.cells.map((own) => searchCell(own, threshold))
      const within = searched.flatMap((one) => changesOf(line, epoch, one, searched))
      return [...within, ...epochShifts(line, epoch, threshold)]
    }),
  )
  return {
    threshold,
    runs: ordered.map(({ id, folder, startedAt, accepted }) => ({
      id,
      folder,
      at: startedAt,
      accepted: accepted !== null,
    })),
    leftOut: [...unreadable, ...leftOut],
    hosts: lines.map(({ host }) => host),
    epochs: lines.flatMap(epochsOf),
    cells: cellsOf(lines),
    changes: changes
      .map((change) => ({ ...change, epoch: change.epoch + offsetOf(lines, change.host) }))
      .toSorted(byTime),
    series: lines.flatMap((line) => seriesOf(line, offsetOf(lines, line.host), numbers)),
  }
}

function byTime(one: { at: string; standing: boolean }, other: { at: string; standing: boolean }): number {
  return one.at < other.at ? 1 : one.at > other.at ? -1 : 0
}

/** Leaves out runs that were disturbed on purpose, that are not over or failed, and copies of one that is there. */
function sift(all: readonly HistoryRun[]): { runs: HistoryRun[]; leftOut: History['leftOut'] } {
  const seen = new Set<string>()
  const leftOut: History['leftOut'] = []
  const runs = all.filter((run) => {
    const name = `${run.hostName ?? ''}\n${run.id}`
    const reason = seen.has(name) ? `a copy of ${run.id}` : reasonAgainst(run)
    seen.add(name)
    if (reason !== null) leftOut.push({ folder: run.folder, reason })
    return reason === null
  })
  return { runs, leftOut }
}

function reasonAgainst({ state, disturbed, points }: HistoryRun): string | null {
  if (state === 'running') return 'the run is not over'
  if (state === 'failed') return 'the run failed'
  if (disturbed) return 'something was made slower on purpose'
  return points.length === 0 ? 'it has no samples' : null
}

/** Number of epochs of the hosts before this one. */
function offsetOf(lines: readonly HostLine[], host: string): number {
  const before = lines.slice(
    0,
    lines.findIndex((line) => line.host === host),
  )
  return before.reduce((sum, { epochs }) => sum + epochs.length, 0)
}

function epochsOf({ host, epochs }: HostLine): HistoryEpoch[] {
  return epochs.flatMap(({ fingerprint, runs, isNewest }, index) => {
    const [first, last] = [runs[0], runs.at(-1)]
    if (first === undefined || last === undefined) return []
    const before = epochs[index - 1]?.runs.at(-1)
    return [
      {
        host,
        fingerprint,
        kernel: first.host.kernel,
        scratch: first.scratch,
        from: first.startedAt,
        to: last.startedAt,
        runs: runs.length,
        newest: isNewest,
        differences: before === undefined ? [] : hostDifferences(before.host, first.host),
      },
    ]
  })
}

function cellsOf(lines: readonly HostLine[]): HistoryCell[] {
  const cells = lines.flatMap(({ epochs }) => epochs.flatMap((epoch) => epoch.cells.map(({ cell }) => cell)))
  return [...new Map(cells.map((cell) => [cell.id, cell])).values()]
}

function seriesOf(
  { host, epochs }: HostLine,
  offset: number,
  numbers: ReadonlyMap<HistoryRun, number>,
): HistorySeries[] {
  return epochs.flatMap(({ cells }, index) =>
    cells.map(({ cell, points }) => ({
      host,
      epoch: offset + index,
      cell: cell.id,
      points: points.map(({ run, median, ratio }): [number, number, number | null] => [
        numbers.get(run) ?? 0,
        median,
        ratio,
      ]),
    })),
  )
}
