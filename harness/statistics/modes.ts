import { median, sorted } from './quantile.ts'

/** Fewer values fall into two groups too easily. */
const MINIMUM = 10

/** A group of its own, and not a few outliers. */
const MINIMUM_IN_GROUP = 3
const MINIMUM_SHARE = 0.1

/**
 * Ashman's D from which on two groups are two modes. Of fitted components 2 is enough; groups that were cut out of the
 * sample have lost their tails, so that halves of one normal distribution have 2.65 and those of a uniform one
 * 3.5, more in small samples. Above 8 lie under 1 % of samples of unimodal distributions, by simulation
 * (docs/design/004-statistics.md).
 */
const SEPARATION = 8

/** Modes closer than this change no decision; a clock that ticks coarsely makes such. */
const MINIMUM_RATIO = 1.1

export interface Mode {
  /** Median of its values. */
  center: number
  /** Share of all values, 0…1. */
  share: number
}

/**
 * One mode, or two where the values fall into two groups far apart, ascending: 70 % at 2 ms and 30 % at 2 s have no typical
 * value, and their median hides it. The split of the logarithms with the least variance within the groups, judged by
 * Ashman's D, the distance of the groups' means in units of their standard deviations. Looks for no third. Values
 * that are not all positive are taken for one mode. Nothing of no values.
 *
 * K. M. Ashman, C. M. Bird and S. E. Zepf, "Detecting bimodality in astronomical datasets", The Astronomical
 * Journal 108 (1994).
 */
export function modes(values: readonly number[]): Mode[] {
  const ascending = Array.from(sorted(values))
  const size = splitOf(ascending)
  const groups = size === null ? [ascending] : [ascending.slice(0, size), ascending.slice(size)]
  return groups.flatMap((group) => {
    const center = median(group)
    return center === null ? [] : [{ center, share: group.length / values.length }]
  })
}

interface Group {
  n: number
  mean: number
  /** Sum of squared distances from the mean. */
  squares: number
}

/** Returns how many values the lower of two modes has; null where there is one mode. */
function splitOf(ascending: readonly number[]): number | null {
  const n = ascending.length
  if (n < MINIMUM || (ascending[0] as number) <= 0) return null
  const least = Math.max(MINIMUM_IN_GROUP, Math.ceil(MINIMUM_SHARE * n))
  const logs = ascending.map(Math.log)
  const lower = growingGroups(logs)
  const upper = growingGroups(logs.toReversed())
  let best: [Group, Group] | null = null
  for (let size = least; size <= n - least; size += 1) {
    const split: [Group, Group] = [lower[size - 1] as Group, upper[n - size - 1] as Group]
    if (best === null || scatter(split) < scatter(best)) best = split
  }
  return best !== null && areApart(best) ? best[0].n : null
}

function areApart([lower, upper]: [Group, Group]): boolean {
  const distance = upper.mean - lower.mean
  const variance = (group: Group) => group.squares / (group.n - 1)
  // D = √2·distance / √(sum of variances), squared, so that two groups without any spread need no case of their own.
  const apart = 2 * distance ** 2 > SEPARATION ** 2 * (variance(lower) + variance(upper))
  return apart && distance > Math.log(MINIMUM_RATIO)
}

function scatter([lower, upper]: [Group, Group]): number {
  return lower.squares + upper.squares
}

/**
 * Returns the first value, the first two, …: by B. P. Welford, "Note on a method for calculating corrected sums of squares and
 * products", Technometrics 4 (1962).
 */
function growingGroups(values: readonly number[]): Group[] {
  let mean = 0
  let squares = 0
  return values.map((value, index) => {
    const from = value - mean
    mean += from / (index + 1)
    squares += from * (value - mean)
    return { n: index + 1, mean, squares }
  })
}
