/** A copy in ascending order. */
export function sorted(values: Iterable<number>): Float64Array {
  return Float64Array.from(values).sort()
}

/** The middle value, or the mean of the two middle ones; null of nothing. */
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
  // Weighted, not `low + w × (high − low)`: the difference of two large values may overflow or lose the low one.
  const weight = position - below
  return weight === 0 ? low : low * (1 - weight) + high * weight
}
