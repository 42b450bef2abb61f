/** Most values for which a null distribution is computed exactly; beyond, its normal approximation is used. */
export const EXACT_UP_TO = 50

/** Returns the ranks from 1, in the order of `values`; equal values share the mean of their ranks. */
export function midranks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => (values[a] as number) - (values[b] as number))
  const ranks = Array.from<number>({ length: values.length })
  for (let start = 0, end = 0; start < order.length; start = end) {
    const value = values[order[start] as number]
    while (end < order.length && values[order[end] as number] === value) end += 1
    // The ranks start + 1 … end.
    for (const index of order.slice(start, end)) ranks[index] = (start + 1 + end) / 2
  }
  return ranks
}

/** The ranks as whole numbers: doubled where some are halves. */
export function wholeRanks(ranks: readonly number[]): { ranks: number[]; factor: 1 | 2 } {
  const factor = ranks.every(Number.isInteger) ? 1 : 2
  return { ranks: ranks.map((rank) => rank * factor), factor }
}
