/** Names of cells and hosts in the files of other programs. */
import type { Cell } from '../../harness/contracts/cell.ts'
import type { Run } from '../../harness/contracts/run.ts'
import { hostLine } from '../format/host-line.ts'
import type { ExportedCell, Measure } from './types.ts'

/** Returns the parameters as `size=1M,depth=2`; empty where there are none. */
export function paramsText({ params }: Pick<Cell, 'params'>): string {
  return Object.entries(params)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
}

/** Returns `bigfile/size=1M/cold/overlay2@ext4/first-write`: the same in every run. */
export function seriesName({ cell }: ExportedCell, { id }: Measure): string {
  const { scenario, cache, configuration } = cell
  return [scenario, paramsText(cell), cache, configuration, id].filter((part) => part !== '').join('/')
}

/** Tells whether a program that alarms should watch a measure: the headline, its ratio to the control, a counter. */
export function isWatched({ kind, isHeadline }: Measure): boolean {
  return kind !== 'phase' || isHeadline
}

/** Returns what a reader must know of the host of a run, by name. */
export function hostFacts({ host, id, startedAt }: Run): Record<string, string> {
  return {
    run: id,
    started: startedAt,
    fingerprint: host.hash,
    kernel: host.kernel,
    distribution: host.distribution,
    machine: hostLine(host),
    bench: host.bench,
  }
}
