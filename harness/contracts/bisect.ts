/** Exit codes that `git bisect run` understands: git-bisect(1). Every other code below 128 would mean a bad commit. */
export const BisectCode = {
  good: 0,
  bad: 1,
  /** The commit cannot be tested: bisect tries another one near it. */
  skip: 125,
  /** Bisecting makes no sense until something is mended: wrong use, a host that is not ready, a bug. */
  stop: 128,
} as const

export type BisectCode = (typeof BisectCode)[keyof typeof BisectCode]

export const BISECT_COMMAND = 'bisect'
