/** Whether the parts of a run before and after an interruption differ: the machine may have been started again between them. */
import type { Run } from '../../harness/contracts/run.ts'
import { ALPHA } from '../../harness/statistics/detection.ts'
import { independentRatio } from '../../harness/statistics/independent-ratio.ts'
import { holm } from '../../harness/statistics/multiple-testing.ts'
import type { CellCollector } from './collector.ts'
import type { InterruptedRun } from './interrupted.ts'

/**
 * Compares the headlines of the rounds before each interruption with those after it: rank-sum tests, adjusted together by Holm's method.
 * The round that was interrupted belongs to neither part.
 */
export function interruptionsOf(
  { interruptions = [] }: Pick<Run, 'interruptions'>,
  cells: Iterable<CellCollector>,
): InterruptedRun[] {
  const collected = [...cells]
  const tests = interruptions.flatMap((interruption) =>
    collected.flatMap((cell) => {
      const values = [...cell.byRound(cell.headline)]
      const before = values.filter(([round]) => round < interruption.round).map(([, value]) => value)
      const after = values.filter(([round]) => round > interruption.round).map(([, value]) => value)
      const ratio = independentRatio(after, before)
      return ratio === null ? [] : [{ interruption, cell: cell.cell, ratio }]
    }),
  )
  const adjusted = holm(tests.map(({ ratio }) => ratio.p))
  const judged = tests.map((test, index) => ({ ...test, p: adjusted[index] ?? 1 }))
  return interruptions.map((interruption) => {
    const own = judged.filter((test) => test.interruption === interruption)
    const differing = own.filter(({ p }) => p < ALPHA).toSorted((a, b) => a.p - b.p)
    return {
      interruption,
      compared: own.length,
      telling: own.filter(({ ratio }) => ratio.leastP * tests.length < ALPHA).length,
      differing: differing.map(({ cell: { configuration, scenario }, ratio: { ratio }, p }) => ({
        configuration,
        scenario,
        ratio,
        p,
      })),
    }
  })
}
