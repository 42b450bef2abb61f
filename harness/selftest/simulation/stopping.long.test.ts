import { describe, expect, it } from 'vitest'
import { hasConverged } from '../../statistics/precision.ts'
import { NOISES, SYMMETRIC } from './noise.ts'
import { coverageWhenStopped } from './stopping.ts'

const SEED = 1
const PRECISION = 0.03

describe('stopped as soon as ± 3 % are reached', () => {
  it.each(NOISES.slice(0, 3))('95 % is 93 to 97 % in 2,000 runs: $title', (noise) => {
    const stopped = coverageWhenStopped(hasConverged, { noise, scale: 0.05, ratio: 1 }, PRECISION, SEED)
    expect(stopped.coverage).toBeGreaterThanOrEqual(0.93)
    expect(stopped.coverage).toBeLessThanOrEqual(0.97)
    // Somewhat more than 5 %. Lognormal noise against none is not exchangeable, so its p is not asked for.
    expect(stopped.different).toBeLessThan(SYMMETRIC.includes(noise) ? 0.075 : 1)
    // The rule had something to decide.
    expect(stopped.rounds).toBeGreaterThan(11)
    expect(stopped.rounds).toBeLessThan(59)
  })
})
