import fc from 'fast-check'
import { expect, test } from 'vitest'
import { generator } from '../statistics/random.ts'
import { roundOrder } from './order.ts'

const ascending = (items: readonly number[]) => items.toSorted((one, other) => one - other)
const seeds = fc.nat(2 ** 31 - 1)

test('every round is a permutation', () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), seeds, fc.nat(1000), (items, seed, round) => {
      expect(ascending(roundOrder(items, seed, round))).toEqual(ascending(items))
    }),
  )
})

test('the same seed and round give the same order; the items stay as they were', () => {
  const items = Array.from({ length: 20 }, (_, index) => index)
  fc.assert(
    fc.property(seeds, fc.nat(1000), (seed, round) => {
      expect(roundOrder(items, seed, round)).toEqual(roundOrder(items, seed, round))
      expect(items[0]).toBe(0)
    }),
  )
})

test('every round and every seed is in another order', () => {
  const items = Array.from({ length: 20 }, (_, index) => index)
  const orders = new Set<string>()
  for (let seed = 0; seed < 20; seed += 1)
    for (let round = 0; round < 20; round += 1) orders.add(roundOrder(items, seed, round).join())
  expect(orders.size).toBe(400)
})

test('no cell is favoured: each comes first about as often as any other', () => {
  const firsts = [0, 0, 0, 0, 0]
  const items = [0, 1, 2, 3, 4]
  const rounds = 5000
  for (let round = 0; round < rounds; round += 1) {
    const first = roundOrder(items, 7, round)[0] ?? -1
    firsts[first] = (firsts[first] ?? 0) + 1
  }
  // A fair draw lies 5 standard deviations (28 each) around 1000 all but never, and the seed is fixed.
  for (const count of firsts) expect(Math.abs(count - rounds / 5)).toBeLessThan(142)
})

test('random numbers lie in [0, 1)', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const random = generator(seed)
      for (let draw = 0; draw < 20; draw += 1) {
        const value = random()
        expect(value >= 0 && value < 1).toBe(true)
      }
    }),
  )
})
