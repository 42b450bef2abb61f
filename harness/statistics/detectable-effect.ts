import { ALPHA } from './detection.ts'
import { normalQuantile } from './normal.ts'
import { signedRankInterval } from './signed-rank-interval.ts'

/**
 * Returns the smallest true difference that the signed-rank test of `rounds` rounds finds, at this noise, with probability
 * `power`, two-sided at level `alpha`: relative, 0.05 is 5 %. A difference that is not shown may still be there if it is
 * smaller.
 *
 * An estimate with a normal distribution and standard error s is found at z(1−α/2)·s with probability ½, and with
 * probability `power` at z(power)·s more. Half the width of the signed-rank interval is z(1−α/2)·s, whatever the
 * shape of the noise, so s is read from it. (J. Cohen, Statistical Power Analysis for the Behavioral Sciences, 2nd
 * edition (1988), section 12.8; by simulation: docs/design/004-statistics.md.)
 *
 * Null where there are too few rounds for the test to reach `alpha` at all: fewer than 6 at 0.05.
 */
export function detectableEffect(
  logRatios: readonly number[],
  { power = 0.8, alpha = ALPHA }: { power?: number; alpha?: number } = {},
): number | null {
  const interval = signedRankInterval(logRatios, 1 - alpha)
  if (interval === null) return null
  const z = normalQuantile(1 - alpha / 2)
  const standardError = (interval.high - interval.low) / 2 / z
  return Math.expm1((z + normalQuantile(power)) * standardError)
}
