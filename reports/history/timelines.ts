/** Runs sorted into hosts, epochs and the points of each cell. */
import { factsOf, fingerprintHash } from '../../harness/contracts/fingerprint-facts.ts'
import type { Fingerprint } from '../../harness/contracts/fingerprint.ts'
import { groupBy } from '../summary/group-by.ts'
import type { HistoryCell, HistoryDifference, HistoryRun } from '../../harness/contracts/history.ts'

/** Values of a cell in the runs of one epoch: equal fingerprints, the same kind of scratch, the same image. */
export interface CellEpoch {
  cell: HistoryCell
  points: readonly TimePoint[]
}

export interface TimePoint {
  run: HistoryRun
  median: number
  ratio: number | null
}

/** All runs of a host with the same fingerprint and kind of scratch, also where others lie between them. */
export interface Epoch {
  fingerprint: string
  runs: readonly HistoryRun[]
  cells: readonly CellEpoch[]
  isNewest: boolean
}

export interface HostLine {
  host: string
  /** In the order of time, as the epochs, by their first run. */
  runs: readonly HistoryRun[]
  epochs: readonly Epoch[]
}

/** Returns the hosts, each with its epochs. Runs of one fleet are told apart by their names, others by the machine. */
export function hostLines(runs: readonly HistoryRun[]): HostLine[] {
  const hashes = hashOnce()
  const byHost = groupBy(inOrder(runs), (run) => run.hostName ?? machineText(run.host))
  return [...byHost].map(([host, own]) => {
    const newest = own.at(-1)
    const byEpoch = groupBy(own, (run) => `${run.scratch} ${hashes(run.host)}`)
    const epochs = [...byEpoch.values()].map((inEpoch) => ({
      fingerprint: hashes((inEpoch[0] as HistoryRun).host),
      runs: inEpoch,
      cells: cellEpochs(inEpoch),
      isNewest: newest !== undefined && inEpoch.includes(newest),
    }))
    return { host, runs: own, epochs }
  })
}

function inOrder(runs: readonly HistoryRun[]): HistoryRun[] {
  return runs.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0))
}

/** Returns what names a machine whatever its kernel: `AMD EPYC 4344P, 8 cores`. */
function machineText({ cpu, virtualization }: Fingerprint): string {
  return [cpu.model, `${cpu.cores} cores`, virtualization]
    .filter((part) => part !== null && part !== '')
    .join(', ')
}

/** Returns what hashes fingerprints, each object once. It counts what the parts say today, whatever an older run wrote. */
function hashOnce(): (host: Fingerprint) => string {
  const known = new Map<Fingerprint, string>()
  return (host) => {
    const hash = known.get(host) ?? fingerprintHash(host)
    known.set(host, hash)
    return hash
  }
}

function cellEpochs(runs: readonly HistoryRun[]): CellEpoch[] {
  const series = new Map<string, { cell: HistoryCell; points: TimePoint[] }>()
  for (const run of runs) {
    for (const { cell, image, median, ratio } of run.points) {
      const key = `${cell.id}\n${cell.phase}\n${image}`
      const known = series.get(key) ?? { cell, points: [] }
      known.points.push({ run, median, ratio })
      series.set(key, known)
    }
  }
  return [...series.values()]
}

/** Returns what is not the same on the host of two runs, what cannot affect figures among it. */
export function hostDifferences(before: Fingerprint, after: Fingerprint): HistoryDifference[] {
  if (before === after) return []
  return factsOf([before, after])
    .map(({ part, name, of }) => ({ part, name, before: of(before), after: of(after) }))
    .filter((fact) => fact.before !== fact.after)
}
