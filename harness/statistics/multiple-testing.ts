/**
 * p-values adjusted so that, of all that are then at most α, one or more is false with probability at most α, whatever
 * depends on what. In the order given.
 *
 * S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979).
 */
export function holm(ps: readonly number[]): number[] {
  const adjusted = Array.from<number>({ length: ps.length })
  let largest = 0
  for (const [position, index] of ascending(ps).entries()) {
    largest = Math.max(largest, Math.min((ps.length - position) * (ps[index] as number), 1))
    adjusted[index] = largest
  }
  return adjusted
}

/**
 * p-values adjusted so that, of all that are then at most α, the expected share of false ones is at most α, where the
 * tests are independent or positively dependent. In the order given.
 *
 * Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate: a practical and powerful approach to multiple
 * testing", Journal of the Royal Statistical Society B 57 (1995).
 */
export function benjaminiHochberg(ps: readonly number[]): number[] {
  const adjusted = Array.from<number>({ length: ps.length })
  let smallest = 1
  for (const [fromLargest, index] of ascending(ps).reverse().entries()) {
    const rank = ps.length - fromLargest
    smallest = Math.min(smallest, (ps.length / rank) * (ps[index] as number))
    adjusted[index] = smallest
  }
  return adjusted
}

/** Indexes, that of the smallest first. */
function ascending(ps: readonly number[]): number[] {
  return [...ps.keys()].sort((a, b) => (ps[a] as number) - (ps[b] as number))
}
