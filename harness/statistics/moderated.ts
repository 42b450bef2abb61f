import type { Interval } from './median-interval.ts'
import { mean, sum } from './moments.ts'
import { type Modes, modesOf, scatterOf, secondModeP } from './second-mode.ts'
import { studentTQuantile, studentTTail } from './student-t.ts'
import { type SampleVariance, type VariancePrior, variancePrior } from './variance-prior.ts'

/** A log ratio whose error is known from its own rounds and from those of the comparisons judged with it. */
export interface ModeratedEstimate {
  /** Mean of the log ratios. */
  estimate: number
  /** Infinity where nothing is known of the noise. */
  standardError: number
  /** Degrees of freedom of the standard error: those of its own rounds and those of the prior. */
  degrees: number
  logRatios: readonly number[]
  /** What the comparisons that are judged with it say about second modes. */
  modes: Modes
}

export interface Moderated {
  prior: VariancePrior
  /** In the order given. */
  comparisons: readonly ModeratedEstimate[]
}

/**
 * Returns the mean log ratio of each comparison with a standard error that all comparisons tell together: the variance of
 * its own rounds is averaged with that of the prior, each weighted by its degrees of freedom. So a few rounds are enough
 * where the comparisons are many. Each family holds the log ratios of one comparison, a value a round; of one round there
 * is the prior alone. A log ratio that is not finite leaves its comparison without a standard error.
 *
 * The mean, not the median: its error is what the model describes, and at three rounds it needs a quarter less
 * of them. G. K. Smyth, "Linear models and empirical Bayes methods for assessing differential expression in microarray
 * experiments", Statistical Applications in Genetics and Molecular Biology 3 (2004).
 */
export function moderate(families: readonly (readonly number[])[]): Moderated {
  const variances = families.map(varianceOf)
  const known = variances.filter((variance) => variance !== null)
  const prior = variancePrior(known)
  // The prior cannot know more than the rounds that it was taken from.
  const most = sum(known.map(({ degrees }) => degrees))
  const modes = modesOf(families)
  return {
    prior,
    comparisons: families.map((logRatios, index) => {
      const own = variances[index] ?? { variance: 0, degrees: 0 }
      const weight = prior.degrees + own.degrees
      const variance = (prior.degrees * prior.variance + own.degrees * own.variance) / weight
      const isKnown = weight > 0 && logRatios.length > 0 && logRatios.every(Number.isFinite)
      return {
        estimate: mean(logRatios),
        standardError: isKnown ? Math.sqrt(variance / logRatios.length) : Infinity,
        degrees: isKnown ? Math.min(weight, most) : 0,
        logRatios,
        modes,
      }
    }),
  }
}

/**
 * Returns the two-sided p of the null hypothesis that the log ratio is at most `logThreshold` from 0: small where the
 * one takes more (or less) than exp(`logThreshold`) times as long. All rounds must lie beyond the threshold on one side,
 * and p is not below the probability that all of them lie in a second mode. 1 where there is no standard error.
 *
 * D. J. McCarthy and G. K. Smyth, "Testing significance relative to a fold-change threshold is a TREAT", Bioinformatics 25
 * (2009).
 */
export function differenceP(one: ModeratedEstimate, logThreshold = 0): number {
  const { estimate, logRatios } = one
  const side = Math.sign(estimate)
  if (!logRatios.every((logRatio) => side * logRatio > logThreshold)) return 1
  const distance = Math.abs(estimate) - logThreshold
  const p = tailOf(one, distance) + tailOf(one, distance + 2 * logThreshold)
  return withModes(p, one, distance)
}

/**
 * Returns p of the null hypothesis that the log ratio is at least `logMargin` from 0: small where the two are about the
 * same. The larger p of two one-sided tests; not below the probability that all rounds lie in a second mode. 1 where there
 * is no standard error.
 *
 * D. J. Schuirmann, "A comparison of the two one-sided tests procedure and the power approach for assessing the
 * equivalence of average bioavailability", Journal of Pharmacokinetics and Biopharmaceutics 15 (1987).
 */
export function sameP(one: ModeratedEstimate, logMargin: number): number {
  const distance = logMargin - Math.abs(one.estimate)
  return withModes(tailOf(one, distance), one, Math.max(distance, 0))
}

/**
 * Returns the interval of the log ratio; null where no finite one covers it. Where the rounds lie in two groups, it reaches
 * over both: the median lies in one of them, and the mean between them.
 */
export function interval(
  { estimate, standardError, degrees, logRatios }: ModeratedEstimate,
  coverage = 0.95,
): Interval | null {
  if (degrees === 0) return null
  const reach = studentTQuantile((1 + coverage) / 2, degrees) * standardError
  if (!Number.isFinite(reach)) return null
  const groups = scatterOf(logRatios)?.split === true ? logRatios : []
  return {
    low: Math.min(estimate - reach, ...groups),
    high: Math.max(estimate + reach, ...groups),
    coverage,
  }
}

/** Returns the probability of an estimate that is wrong by `distance` or more to one side. */
function tailOf({ standardError, degrees }: ModeratedEstimate, distance: number): number {
  if (degrees === 0) return 1
  // Rounds that are equal to the last digit have no error, and a distance of 0 is none.
  return studentTTail(distance === 0 ? 0 : distance / standardError, degrees)
}

function withModes(p: number, { logRatios, modes }: ModeratedEstimate, distance: number): number {
  const rounds = logRatios.length
  // That of a second mode is ½ⁿ at most.
  return p >= 0.5 ** rounds ? Math.min(p, 1) : Math.max(p, secondModeP(modes, rounds, distance))
}

/** Returns the variance of a sample; null of fewer than two values, or where one is not finite. */
function varianceOf(values: readonly number[]): SampleVariance | null {
  if (values.length < 2 || !values.every(Number.isFinite)) return null
  const center = mean(values)
  const degrees = values.length - 1
  return { variance: sum(values.map((value) => (value - center) ** 2)) / degrees, degrees }
}
