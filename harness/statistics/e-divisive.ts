/** Where a series falls most clearly into two parts. */

export interface Split {
  /** Index of the first value of the second part. */
  index: number
  /** How far the two parts lie apart: 0 or less for parts that are alike. */
  divergence: number
}

/**
 * Returns the split of `values[from, to)` that parts it most clearly; null of fewer than two values.
 *
 * For each pair of neighbouring parts, of n values up to `index` and of m values from there on, the sample divergence is
 *
 *     q = 2/(n+m) · Σ|x−y| − 2m/((n+m)(n−1)) · Σ|x−x′| − 2n/((n+m)(m−1)) · Σ|y−y′|
 *
 * with each unordered pair once: nm/(n+m) times the energy distance of exponent 1. The second part may end before `to`, since what
 * follows may be of a third kind. D. S. Matteson and N. A. James, "A nonparametric approach for multiple change point
 * analysis of multivariate data", Journal of the American Statistical Association 109 (2014), equations 5 to 7.
 *
 * The sums of one pair of parts follow from those of the pair with one value less, so that it takes (to − from)² steps.
 */
export function bestSplit(values: ArrayLike<number>, from: number, to: number): Split | null {
  const size = to - from
  if (size < 2) return null
  const sums = distanceSums(values, from, size)
  const at = (value: number, before: number) => sums[value * (size + 1) + before] as number
  let best: Split = { index: from + 1, divergence: -Infinity }
  let withinLeft = 0
  for (let n = 1; n < size; n += 1) {
    withinLeft += at(n - 1, n - 1)
    let between = 0
    let withinRight = 0
    for (let m = 1; n + m <= size; m += 1) {
      const last = n + m - 1
      between += at(last, n)
      withinRight += at(last, last) - at(last, n)
      const divergence = divergenceOf(n, m, between, withinLeft, withinRight)
      if (divergence > best.divergence) best = { index: from + n, divergence }
    }
  }
  return best
}

function divergenceOf(n: number, m: number, between: number, left: number, right: number): number {
  const ofLeft = n > 1 ? (m * left) / (n - 1) : 0
  const ofRight = m > 1 ? (n * right) / (m - 1) : 0
  return (2 * (between - ofLeft - ofRight)) / (n + m)
}

/** Returns, for each value and each count, the sum of its distances to that many of the first values, in rows of `size + 1`. */
function distanceSums(values: ArrayLike<number>, from: number, size: number): Float64Array {
  const sums = new Float64Array(size * (size + 1))
  for (let one = 0; one < size; one += 1) {
    const value = values[from + one] as number
    let sum = 0
    for (let other = 0; other < size; other += 1) {
      sum += Math.abs((values[from + other] as number) - value)
      sums[one * (size + 1) + other + 1] = sum
    }
  }
  return sums
}
