import { sum } from './moments.ts'
import { normalCdf } from './normal.ts'
import { EXACT_UP_TO, midranks, wholeRanks } from './ranks.ts'

export interface SignedRank {
  /** Two-sided. */
  p: number
  /** Differences that are not zero. */
  n: number
}

/**
 * Wilcoxon's signed-rank test of paired differences. The null hypothesis is that the two of a pair could be exchanged:
 * every difference is as likely to have the other sign. Null below 2 differences.
 *
 * Zeros are ranked with the others and then left out (Pratt); equal differences share their mean rank. Up to 50
 * differences `p` is exact, ties and zeros or not: all 2ⁿ signs of the ranks that are there are counted. Beyond, the
 * normal approximation with the variance of these ranks and a continuity correction of one half.
 *
 * F. Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1 (1945); J. W. Pratt, "Remarks on zeros
 * and ties in the Wilcoxon signed rank procedures", Journal of the American Statistical Association 54 (1959); B.
 * Streitberg and J. Röhmel, "Exact distributions for permutation and rank tests", Statistical Software Newsletter 12
 * (1986).
 */
export function signedRank(differences: readonly number[]): SignedRank | null {
  if (differences.length < 2) return null
  const ranks = midranks(differences.map(Math.abs))
  const ranksOf = (sign: number) =>
    ranks.filter((_, index) => Math.sign(differences[index] as number) === sign)
  const positive = ranksOf(1)
  const negative = ranksOf(-1)
  const used = [...positive, ...negative]
  const smaller = Math.min(sum(positive), sum(negative))
  const p = differences.length <= EXACT_UP_TO ? 2 * exactTail(used, smaller) : normalP(used, smaller)
  return { p: Math.min(p, 1), n: used.length }
}

const untied = new Map<number, Float64Array>()

/** P(T ≤ t) for t = 0, 1, …, T the sum of the positive ranks of n differences without ties. */
export function signedRankDistribution(n: number): Float64Array {
  const known = untied.get(n) ?? cumulativeOfSums(Array.from({ length: n }, (_, index) => index + 1))
  untied.set(n, known)
  return known
}

function exactTail(ranks: readonly number[], smaller: number): number {
  const { ranks: whole, factor } = wholeRanks(ranks)
  // Ties repeat a rank, and zeros that were left out leave a gap below.
  const isPlain = new Set(ranks).size === ranks.length && Math.max(...ranks) === ranks.length
  const cumulative = isPlain ? signedRankDistribution(ranks.length) : cumulativeOfSums(whole)
  return cumulative[smaller * factor] as number
}

/**
 * P(T ≤ t) for t = 0, 1, …, T the sum of those of these whole numbers that a fair coin chooses: one number after the
 * other is added to what could be had without it.
 */
function cumulativeOfSums(numbers: readonly number[]): Float64Array {
  const cumulative = new Float64Array(sum(numbers) + 1)
  cumulative[0] = 1
  let reached = 0
  for (const number of numbers) {
    reached += number
    for (let total = reached; total >= 0; total -= 1) {
      const withIt = total >= number ? (cumulative[total - number] as number) : 0
      cumulative[total] = ((cumulative[total] as number) + withIt) / 2
    }
  }
  for (let total = 1; total < cumulative.length; total += 1) {
    cumulative[total] = (cumulative[total] as number) + (cumulative[total - 1] as number)
  }
  return cumulative
}

function normalP(ranks: readonly number[], smaller: number): number {
  const mean = sum(ranks) / 2
  const variance = sum(ranks.map((rank) => rank * rank)) / 4
  return variance === 0 ? 1 : 2 * normalCdf((smaller + 0.5 - mean) / Math.sqrt(variance))
}
