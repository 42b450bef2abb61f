/** Seeded randomness of the order, so that a run can be repeated exactly. */
import { generator } from '../statistics/random.ts'

/** Returns a fresh permutation for each round: Fisher–Yates from a generator of seed and round. */
export function roundOrder<T>(items: readonly T[], seed: number, round: number): T[] {
  const random = generator(Math.imul(seed, 0x9e3779b1) + round)
  const order = [...items]
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1))
    ;[order[last], order[other]] = [order[other] as T, order[last] as T]
  }
  return order
}
