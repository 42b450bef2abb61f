/**
 * Returns the sum of the values; 0 of none. What each addition rounds off is kept and added at the end: A. Neumaier,
 * "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", ZAMM 54 (1974), method IV.
 */
export function sum(values: Iterable<number>): number {
  let total = 0
  let lost = 0
  for (const value of values) {
    const next = total + value
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total
    total = next
  }
  return total + lost
}

/** Returns the arithmetic mean; NaN of no values. */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length
}

/** Returns the standard deviation of a sample, the sum of squares divided by n − 1; NaN of fewer than two values. */
export function standardDeviation(values: readonly number[]): number {
  const center = mean(values)
  return Math.sqrt(sum(values.map((value) => (value - center) ** 2)) / (values.length - 1))
}
