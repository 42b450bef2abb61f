import { expect, test } from 'vitest'
import { generator } from '../contracts/random.ts'
import { inSequence, inTurn, playDesign, sizeFor, type Recorded } from './designs.ts'

/** A host whose speed wanders: a slow wave, on top of noise of some per cent. */
function record(drift: number, difference: number): Recorded {
  const random = generator(3)
  let at = 0
  const next = (factor: number) => {
    at += 1
    return factor * (1 + drift * Math.sin(at / 20) + 0.06 * (random() + random() - 1))
  }
  const times = (count: number, factor: number) => Array.from({ length: count }, () => next(factor))
  const blocks = []
  const turns = { one: [] as number[], other: [] as number[] }
  for (let block = 0; block < 12; block += 1) {
    blocks.push({ one: times(60, 1), other: times(60, 1 + difference) })
    for (let pair = 0; pair < 40; pair += 1) {
      turns.one.push(next(1))
      turns.other.push(next(1 + difference))
    }
  }
  return { blocks, turns }
}

test('on a host that stands still both designs are honest, and need about as much', () => {
  const recorded = record(0, 0.05)
  const [turns, sequence] = [inTurn, inSequence].map((design) => sizeFor(design, recorded, 0.8))
  expect(turns?.falseAlarms).toBeLessThan(0.12)
  expect(sequence?.falseAlarms).toBeLessThan(0.12)
  expect(turns?.power).toBeGreaterThanOrEqual(0.8)
  expect(sequence?.power).toBeGreaterThanOrEqual(0.8)
})

test('under drift the sequence finds differences that are not there, and turns do not', () => {
  const recorded = record(0.2, 0.05)
  expect(playDesign(inTurn, recorded, 20)?.falseAlarms).toBeLessThan(0.12)
  expect(playDesign(inSequence, recorded, 20)?.falseAlarms).toBeGreaterThan(0.5)
  const [turns, sequence] = [inTurn, inSequence].map((design) => sizeFor(design, recorded, 0.8))
  expect(turns?.power).toBeGreaterThanOrEqual(0.8)
  // It never gets there, or takes more than twice as many.
  expect(
    sequence === null ||
      sequence === undefined ||
      sequence.power < 0.8 ||
      sequence.size > 2 * (turns?.size ?? 0),
  ).toBe(true)
})

test('a recording that is too short says nothing', () => {
  const short = { turns: { one: [1], other: [2] }, blocks: [{ one: [1], other: [2] }] }
  expect(sizeFor(inTurn, short, 0.8)).toBeNull()
  expect(playDesign(inSequence, short, 6)).toBeNull()
})
