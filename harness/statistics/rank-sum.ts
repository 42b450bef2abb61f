import { sum } from './moments.ts'
import { normalCdf } from './normal.ts'
import { EXACT_UP_TO, midranks, wholeRanks } from './ranks.ts'

export interface RankSum {
  /** Two-sided. */
  p: number
  /** Share of all pairs of one value of each sample in which that of `a` is larger; ties count one half. */
  u: number
}

/**
 * Returns the rank-sum test of two independent samples, Wilcoxon's or Mann and Whitney's. The null hypothesis is that both
 * are of one distribution. Null where either is empty.
 *
 * Up to 50 values in each `p` is exact, ties or not: twice the smaller tail of all choices of as many of the ranks
 * that are there. Beyond, the normal approximation with the variance of these ranks and a continuity correction.
 *
 * H. B. Mann and D. R. Whitney, "On a test of whether one of two random variables is stochastically larger than the
 * other", Annals of Mathematical Statistics 18 (1947); E. L. Lehmann, Nonparametrics (1975), chapter 1.
 */
export function rankSum(a: readonly number[], b: readonly number[]): RankSum | null {
  if (a.length === 0 || b.length === 0) return null
  const ranks = midranks([...a, ...b])
  const ofA = sum(ranks.slice(0, a.length))
  const u = ofA - (a.length * (a.length + 1)) / 2
  const exact = Math.max(a.length, b.length) <= EXACT_UP_TO
  const p = exact ? exactP(ranks, a.length) : normalP(ranks, a.length, ofA)
  return { p: Math.min(p, 1), u }
}

/** The first `size` of these ranks are those of one sample. */
function exactP(ranks: readonly number[], size: number): number {
  const { ranks: whole } = wholeRanks(ranks)
  // The sum of one sample tells that of the other: the smaller one takes less counting.
  const smaller = size <= ranks.length - size ? whole.slice(0, size) : whole.slice(size)
  const observed = sum(smaller)
  const hasTies = new Set(ranks).size < ranks.length
  const ways = hasTies ? waysToSum(whole, smaller.length) : waysWithoutTies(ranks.length, smaller.length)
  const all = sum(ways)
  const below = sum(ways.subarray(0, observed + 1))
  const above = sum(ways.subarray(observed))
  return (2 * Math.min(below, above)) / all
}

const untied = new Map<string, Float64Array>()

/** {@link waysToSum} of the ranks 1 … `all`. */
function waysWithoutTies(all: number, size: number): Float64Array {
  const key = `${size} of ${all}`
  const known =
    untied.get(key) ??
    waysToSum(
      Array.from({ length: all }, (_, index) => index + 1),
      size,
    )
  untied.set(key, known)
  return known
}

/**
 * Returns in how many ways `size` of these whole numbers sum to 0, 1, …: each number joins what could be had without it.
 * Takes them from the smallest, so that the sums that could be had lie between those of the first and of the last ones.
 */
function waysToSum(ranks: readonly number[], size: number): Float64Array {
  const rising = ranks.toSorted((x, y) => x - y)
  const sums = [0]
  for (const rank of rising) sums.push((sums.at(-1) as number) + rank)
  const sumOfFirst = (count: number) => sums[count] as number
  const sumOfLast = (count: number, all: number) => sumOfFirst(all) - sumOfFirst(all - count)
  const largest = sumOfLast(size, rising.length)
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(largest + 1))
  ;(ways[0] as Float64Array)[0] = 1
  for (const [index, rank] of rising.entries()) {
    // With fewer, the numbers that follow are not enough.
    const fewest = Math.max(1, size - (rising.length - 1 - index))
    for (let chosen = Math.min(size, index + 1); chosen >= fewest; chosen -= 1) {
      const without = ways[chosen - 1] as Float64Array
      const these = ways[chosen] as Float64Array
      const last = sumOfLast(chosen - 1, index)
      for (let total = sumOfFirst(chosen - 1); total <= last; total += 1) {
        these[total + rank] = (these[total + rank] as number) + (without[total] as number)
      }
    }
  }
  return ways[size] as Float64Array
}

function normalP(ranks: readonly number[], size: number, observed: number): number {
  const all = ranks.length
  const mean = (all + 1) / 2
  const squares = sum(ranks.map((rank) => (rank - mean) ** 2))
  const variance = (size * (all - size) * squares) / (all * (all - 1))
  const distance = Math.max(Math.abs(observed - size * mean) - 0.5, 0)
  return variance === 0 ? 1 : 2 * normalCdf(-distance / Math.sqrt(variance))
}
