/** Seeded randomness of the order, so that a run can be repeated exactly. */

/** A generator of numbers in [0, 1): mulberry32, one 32-bit state. Good enough to shuffle with, not for statistics. */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A fresh permutation for each round: Fisher–Yates from a generator of seed and round. */
export function roundOrder<T>(items: readonly T[], seed: number, round: number): T[] {
  const random = generator(Math.imul(seed, 0x9e3779b1) + round)
  const order = [...items]
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1))
    ;[order[last], order[other]] = [order[other] as T, order[last] as T]
  }
  return order
}
