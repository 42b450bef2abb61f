import { binomialProbability } from './binomial.ts'

/** The distribution of a statistic that takes finitely many values. */
export interface Distribution {
  /** Ascending, each once. */
  values: Float64Array
  probabilities: Float64Array
}

/** The two middle values of a resample are the `first`-th and `second`-th of the sample with probability `weight`. */
interface MiddlePairs {
  first: number[]
  second: number[]
  weight: number[]
}

/** A pair of middle values less likely than this moves no limit that could be printed. */
const NEGLIGIBLE = 1e-8

/**
 * Returns the distribution of the medians of resamples of an ordered sample: of all possible resamples, of the largest
 * even size below n. Of three values on.
 *
 * B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7 (1979), section 3; D. L. Evans, L. M.
 * Leemis and J. H. Drew, "The distribution of order statistics for discrete random variables with applications to
 * bootstrapping", INFORMS Journal on Computing 18 (2006).
 */
export function resampledMedians(ascending: Float64Array): Distribution {
  const { first, second, weight } = middlePairs(ascending.length)
  const midpoints = new Float64Array(weight.length)
  for (let pair = 0; pair < weight.length; pair += 1) {
    midpoints[pair] = midpoint(ascending, first[pair] as number, second[pair] as number)
  }
  // Equal values are one step, so that tied samples have no order.
  const values = midpoints.toSorted().filter((value, index, all) => value !== all[index - 1])
  const probabilities = new Float64Array(values.length)
  for (let pair = 0; pair < weight.length; pair += 1) {
    const step = indexOf(values, midpoints[pair] as number)
    probabilities[step] = (probabilities[step] as number) + (weight[pair] as number)
  }
  return { values, probabilities }
}

/** In one place, so that the median of the sample is found among the medians of resamples to the last bit. */
export function midpoint(ascending: Float64Array, one: number, other: number): number {
  return ((ascending[one] as number) + (ascending[other] as number)) / 2
}

/** By halving: `value` is there. */
function indexOf(ascending: Float64Array, value: number): number {
  let low = 0
  let high = ascending.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}

const pairsBySize = new Map<number, MiddlePairs>()

/** They depend on n alone, and every phase of a run has the same n. */
function middlePairs(n: number): MiddlePairs {
  const known = pairsBySize.get(n)
  if (known !== undefined) return known
  const pairs = computeMiddlePairs(n)
  pairsBySize.set(n, pairs)
  return pairs
}

/**
 * Computes the probabilities of the middle pair of 2h draws with replacement from n ordered values. The h-th smallest
 * is value i and the next is value j > i when h draws are at most i, one of them i, and h are at least j, one of them j:
 *
 *   C(2h, h) · [(i/n)ʰ − ((i−1)/n)ʰ] · [((n−j+1)/n)ʰ − ((n−j)/n)ʰ]
 *
 * What is left of P(h-th smallest is i) is that both are i.
 */
function computeMiddlePairs(n: number): MiddlePairs {
  const half = Math.ceil(n / 2) - 1
  const draws = 2 * half
  const ways = binomialProbability(draws, half, 0.5) * 2 ** draws
  const exactlyAt = (rank: number) => (rank / n) ** half - ((rank - 1) / n) ** half
  const pairs: MiddlePairs = { first: [], second: [], weight: [] }
  const add = (i: number, j: number, weight: number) => {
    if (weight < NEGLIGIBLE) return
    pairs.first.push(i - 1)
    pairs.second.push(j - 1)
    pairs.weight.push(weight)
  }
  for (let i = 1; i <= n; i += 1) {
    let both = atLeast(half, draws, i / n) - atLeast(half, draws, (i - 1) / n)
    for (let j = i + 1; j <= n; j += 1) {
      // Seen from above, j is the (n − j + 1)-th.
      const weight = ways * exactlyAt(i) * exactlyAt(n - j + 1)
      add(i, j, weight)
      both -= weight
    }
    add(i, i, both)
  }
  // The negligible rest is distributed, so that the distribution stays symmetric.
  const total = pairs.weight.reduce((sum, weight) => sum + weight, 0)
  return { ...pairs, weight: pairs.weight.map((weight) => weight / total) }
}

/** P(B ≥ k), B binomial (n, p). */
function atLeast(k: number, n: number, p: number): number {
  let sum = 0
  for (let successes = k; successes <= n; successes += 1) sum += binomialProbability(n, successes, p)
  return sum
}
