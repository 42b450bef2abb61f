/** Returns a copy in ascending order. */
export function sorted(values: Iterable<number>): Float64Array {
  // From an array, and not from its iterator: that is several times as fast.
  return new Float64Array(Array.isArray(values) ? (values as number[]) : [...values]).sort()
}

/** Returns the middle value, or the mean of the two middle ones; null of nothing. */
export function median(values: readonly number[]): number | null {
  return quantile(values, 0.5)
}

/**
 * Quantile `p` (0…1) by linear interpolation between order statistics; null of nothing.
 *
 * Definition 7 of R. J. Hyndman and Y. Fan, "Sample Quantiles in Statistical Packages", The American
 * Statistician 50 (1996), the default of R and NumPy.
 */
export function quantile(values: readonly number[], p: number): number | null {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile lies between 0 and 1, not at ${p}`)
  const ascending = sorted(values)
  if (ascending.length === 0) return null
  const position = (ascending.length - 1) * p
  const below = Math.floor(position)
  const low = ascending[below] as number
  const high = ascending[Math.min(below + 1, ascending.length - 1)] as number
  return between(low, high, position - below)
}

/** Returns the value that lies the share `weight` of the way from one to another. */
export function between(one: number, other: number, weight: number): number {
  // Weighted, not `one + w × (other − one)`: the difference of two large values may overflow or lose the smaller. The half of
  // the least number is 0.
  return weight === 0 || one === other ? one : one * (1 - weight) + other * weight
}
