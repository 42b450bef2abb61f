/** A series of starts of a container, on a host whose disk is under drifting load. */
import type { Registry } from '../../contracts/plan.ts'
import { stateDirectory } from '../../linux/xdg.ts'
import { startLoad } from '../validation/load.ts'
import { openFixture } from './fixture.ts'
import { USUAL } from './plans.ts'
import { sampleByHarness, sumOf } from './samples.ts'

const PHASES = ['prepare', 'mount', 'create', 'start', 'ready'] as const

/** Samples from one look at whether they are enough to the next. */
const BETWEEN_LOOKS = 400

/** Returns seconds of each start, in order, until there are `enough` or the maximum. */
export async function recordStarts(
  registry: Registry,
  most: number,
  enough: (series: readonly number[]) => boolean,
): Promise<number[]> {
  await using fixture = await openFixture({ driver: [USUAL], scenario: ['startup'] }, registry)
  await using _ = await startLoad(stateDirectory())
  const series: number[] = []
  while (series.length < most) {
    series.push(sumOf(await sampleByHarness(fixture), PHASES))
    if (series.length % BETWEEN_LOOKS === 0 && enough(series)) break
  }
  return series
}
