import { mean, sum } from './moments.ts'
import { digamma, inverseTrigamma, trigamma } from './polygamma.ts'
import { median } from './quantile.ts'

/** A variance that was estimated from a sample. */
export interface SampleVariance {
  variance: number
  /** Degrees of freedom, above 0: one less than the values. */
  degrees: number
}

/** What a family of variances says about the next one. */
export interface VariancePrior {
  /** Degrees of freedom that it is worth; 0 where nothing is known. */
  degrees: number
  variance: number
}

/** A variance below this share of the median one is no noise: the rounds are equal to the last digit, as counts are. */
const LEAST_SHARE = 1e-5

/** The prior's variance is taken for this many times as much, since it is known from few variances. */
const CAUTION = 1.3

/** Number of variances that lend a degree of freedom: a few seem alike by chance. */
const VARIANCES_PER_DEGREE = 6

/**
 * Returns the prior of variances: the true ones are taken to follow a scaled inverse χ² distribution, whose two parameters
 * are those that give the logarithms of the estimates the mean and the variance that they have. 0 degrees where fewer
 * than two variances are above 0.
 *
 * G. K. Smyth, "Linear models and empirical Bayes methods for assessing differential expression in microarray experiments",
 * Statistical Applications in Genetics and Molecular Biology 3 (2004), section 6.2. The caution is ours:
 * docs/design/004-statistics.md.
 */
export function variancePrior(samples: readonly SampleVariance[]): VariancePrior {
  const middle = median(samples.map(({ variance }) => variance).filter((variance) => variance > 0))
  const noisy = samples.filter(({ variance }) => variance > LEAST_SHARE * (middle ?? 0))
  const count = noisy.length
  if (count < 2) return { degrees: 0, variance: 0 }
  const logs = noisy.map(({ variance, degrees }) => Math.log(variance) - biasOf(degrees))
  const center = mean(logs)
  const spread = sum(logs.map((log) => (log - center) ** 2)) / (count - 1)
  const ofSampling = mean(noisy.map(({ degrees }) => trigamma(degrees / 2)))
  const ofTruth = spread - ofSampling
  const degrees = ofTruth > 0 ? 2 * inverseTrigamma(ofTruth) : Infinity
  return {
    degrees: Math.min(degrees, (count - 1) / VARIANCES_PER_DEGREE),
    variance: CAUTION * Math.exp(center + (degrees === Infinity ? 0 : biasOf(degrees))),
  }
}

/** Returns the expected logarithm of χ²/degrees. */
function biasOf(degrees: number): number {
  return digamma(degrees / 2) - Math.log(degrees / 2)
}
