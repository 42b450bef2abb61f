import type { RunSamples } from '../../harness/contracts/report.ts'
import { differencesBetween } from './fingerprints.ts'
import { collect, type Collected, summarizeCollected } from '../summary/summarize.ts'
import type { CellSummary } from '../summary/types.ts'
import { changesOf } from './changes.ts'
import { type Headlines, judgeTogether } from './judge.ts'
import { findIncomparableReasons } from './incomparable.ts'
import type { Comparison } from './types.ts'

/**
 * Holds `candidate` against `baseline`, cell by cell. Two runs are independent samples: nothing of one is paired with
 * anything of the other. Where they are of different hosts both are shown and nothing is judged. Throws as
 * {@link collect} does.
 */
export function compareRuns(baseline: RunSamples, candidate: RunSamples, threshold: number): Comparison {
  const before = collect(baseline.run, baseline.samples)
  const after = collect(candidate.run, candidate.samples)
  const [was, is] = [summarizeCollected(before), summarizeCollected(after)]
  const differences = differencesBetween([was.run.host, is.run.host])
  const incomparableReasons = findIncomparableReasons(was.run, is.run, differences)
  const counterparts = new Map(was.cells.map((cell) => [cell.cell.id, cell]))
  const known = new Set(is.cells.map(({ cell }) => cell.id))
  const judged = incomparableReasons.length === 0
  const ratios = judged
    ? judgeTogether(headlinesOf(before, after), { threshold, same: is.run.options.same })
    : new Map()
  return {
    baseline: was,
    candidate: is,
    incomparableReasons,
    differences,
    threshold,
    cells: is.cells.flatMap((cell) => {
      const counterpart = counterparts.get(cell.cell.id)
      if (counterpart === undefined) return []
      const changes = judged ? changesOf(counterpart, cell, threshold, is.cells.length) : []
      return [{ baseline: counterpart, candidate: cell, ratio: ratios.get(cell.cell.id) ?? null, changes }]
    }),
    onlyBaseline: cellsOf(was.cells).filter(({ id }) => !known.has(id)),
    onlyCandidate: cellsOf(is.cells).filter(({ id }) => !counterparts.has(id)),
  }
}

function cellsOf(summaries: readonly CellSummary[]) {
  return summaries.map(({ cell }) => cell)
}

/** The values of the candidate's headline in both runs, by cell. */
function headlinesOf(before: Collected, after: Collected): Map<string, Headlines> {
  return new Map(
    [...after.cells].flatMap(([id, { headline }]) => {
      const other = headline === null ? null : before.cells.get(id)?.phase(headline.phase.id)
      if (headline === null || other == null) return []
      const values = { baseline: other.values.known(), candidate: headline.values.known() }
      return [[id, { ...values, better: headline.phase.better }] as const]
    }),
  )
}
