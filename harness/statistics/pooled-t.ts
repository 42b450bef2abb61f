import { studentTTail } from './student-t.ts'

/** Number, mean and sum of squared distances from the mean. */
export interface Moments {
  n: number
  mean: number
  squares: number
}

export function momentsOf(values: ArrayLike<number>, from: number, to: number): Moments {
  const n = to - from
  let total = 0
  for (let index = from; index < to; index += 1) total += values[index] as number
  const mean = total / n
  let squares = 0
  for (let index = from; index < to; index += 1) squares += ((values[index] as number) - mean) ** 2
  return { n, mean, squares }
}

/**
 * Returns the two-sided p of Student's t-test for two independent samples of equal variance; 1 where they hold two values in all,
 * or do not differ. Two samples without any scatter differ with p 0. "Student" (W. S. Gosset), "The probable error of a mean",
 * Biometrika 6 (1908).
 */
export function pooledTTest(one: Moments, other: Moments): number {
  const freedom = one.n + other.n - 2
  const difference = Math.abs(one.mean - other.mean)
  if (freedom < 1 || difference === 0) return 1
  const variance = (one.squares + other.squares) / freedom
  if (variance === 0) return 0
  return 2 * studentTTail(difference / Math.sqrt(variance * (1 / one.n + 1 / other.n)), freedom)
}
