/** A run that was resumed, for tests of what is said of its parts. */
import type { Run } from '../../harness/contracts/run.ts'
import type { Sample } from '../../harness/contracts/sample.ts'
import { smallRun, smallSample } from './small-run.ts'

/** A run of a control and two drivers, resumed in these rounds; `factor`: of the first driver in a round. */
export function resumedRun(
  rounds: number,
  resumed: readonly number[],
  factor: (round: number) => number = () => 1,
): { run: Run; samples: Sample[] } {
  const interruptions = resumed.map((round) => ({
    at: '2026-01-31T20:15:00.000Z',
    resumedAt: '2026-01-31T21:00:00.000Z',
    round,
    samples: round * 3,
  }))
  const run: Run = { ...smallRun(['bare', 'first', 'second']), interruptions }
  const samples = Array.from({ length: rounds }).flatMap((_, round) =>
    run.cells.map(({ id, configuration }, index) => {
      const scatter = 1 + ((round * 7 + index * 3) % 10) / 100
      return smallSample(id, round, { all: scatter * (configuration === 'first' ? factor(round) : 1) })
    }),
  )
  return { run, samples }
}
