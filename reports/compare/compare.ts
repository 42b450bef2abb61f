import type { CompareRules } from '../../harness/contracts/compare.ts'
import type { RunSamples } from '../../harness/contracts/report.ts'
import { generalThreshold, phaseThreshold } from '../../harness/contracts/thresholds.ts'
import { median } from '../../harness/statistics/quantile.ts'
import { collect, summarizeCollected } from '../summary/summarize.ts'
import type { CellSummary, Summary } from '../summary/types.ts'
import { crossingsOf } from './across.ts'
import { changesOf } from './changes.ts'
import { differencesBetween } from './fingerprints.ts'
import { judgeTogether } from './judge.ts'
import { pairCells } from './pairs.ts'
import type { ComparedPhase, ComparedRatio, Comparison } from './types.ts'
import { type PhaseValues, valuesOf } from './values.ts'

/**
 * Compares `candidate` with `baseline`, cell by cell. Two runs are independent samples: nothing of one is paired with
 * anything of the other. Where they differ in what was not declared, both are shown and nothing is judged. Throws as
 * {@link collect} does.
 */
export function compareRuns(
  baseline: RunSamples,
  candidate: RunSamples,
  { thresholds, across: declared, byRatios = false }: CompareRules,
): Comparison {
  const before = collect(baseline.run, baseline.samples)
  const after = collect(candidate.run, candidate.samples)
  const was = { ...summarizeCollected(before), accepted: baseline.accepted ?? null }
  const is = { ...summarizeCollected(after), accepted: candidate.accepted ?? null }
  const { pairs, ...alone } = pairCells(was.run.cells, is.run.cells, declared)
  const differences = differencesBetween([was.run.host, is.run.host])
  const { reasons, ...crossings } = crossingsOf(was.run, is.run, pairs, differences, declared)
  const judgedBy = byRatios ? 'ratios' : crossings.judgedBy
  const isJudged = reasons.length === 0
  const values = isJudged ? valuesOf(before, after, pairs, thresholds, judgedBy) : []
  const ratios = judgeTogether(new Map(values.map((one) => [one, one])), is.run.options.same)
  // Figures of two runs drift with the host; their ratios to the control of the same rounds do not.
  const besides =
    isJudged && judgedBy === 'figures' ? valuesOf(before, after, pairs, thresholds, 'ratios') : []
  const besideControl = judgeTogether(new Map(besides.map((one) => [one, one])), is.run.options.same)
  const [wasCell, isCell] = [cellsById(was), cellsById(is)]
  return {
    baseline: was,
    candidate: is,
    incomparableReasons: reasons,
    differences,
    ...crossings,
    judgedBy,
    threshold: generalThreshold(thresholds),
    thresholds,
    cells: pairs.flatMap((pair) => {
      const [one, other] = [wasCell.get(pair.baseline.id), isCell.get(pair.candidate.id)]
      if (one === undefined || other === undefined) return []
      const own = values.filter((value) => value.pair === pair)
      const headline = own.find(({ isHeadline }) => isHeadline)
      const beside = besides.find((value) => value.pair === pair && value.isHeadline)
      return [
        {
          baseline: one,
          candidate: other,
          ratio: headline === undefined ? null : (ratios.get(headline) ?? null),
          besideControl: beside === undefined ? null : (besideControl.get(beside)?.verdict ?? null),
          changes: isJudged ? changesOf(one, other, thresholds, is.cells.length) : [],
          threshold: phaseThreshold(thresholds, pair.candidate.scenario, other.headline?.phase.id ?? ''),
          phases: own.filter(({ isHeadline }) => !isHeadline).map((value) => comparedPhase(value, ratios)),
        },
      ]
    }),
    ...alone,
  }
}

function cellsById({ cells }: Summary): Map<string, CellSummary> {
  return new Map(cells.map((summary) => [summary.cell.id, summary]))
}

function comparedPhase(value: PhaseValues, ratios: ReadonlyMap<PhaseValues, ComparedRatio>): ComparedPhase {
  return {
    phase: value.phase,
    baseline: median(value.baseline),
    candidate: median(value.candidate),
    ratio: ratios.get(value) ?? null,
    threshold: value.threshold,
  }
}
