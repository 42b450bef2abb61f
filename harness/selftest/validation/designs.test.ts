import { expect, test } from 'vitest'
import { generator } from '../../statistics/random.ts'
import { compareDesigns, inSequence, inTurn, playDesign, sizeFor } from './designs.ts'

const DIFFERENCE = 1.05
const POWER = 0.8

/** Returns a host whose speed wanders: a slow wave, on top of noise of some per cent. */
function record(drift: number, count = 800): number[] {
  const random = generator(3)
  return Array.from(
    { length: count },
    (_, at) => 1 + drift * Math.sin(at / 20) + 0.12 * (random() + random() - 1),
  )
}

test('on a host that stands still both designs are honest, and need about as much', () => {
  const series = record(0)
  const [turns, sequence] = [inTurn, inSequence].map((design) => sizeFor(design, series, DIFFERENCE, POWER))
  expect(turns?.falseAlarms).toBeLessThan(0.12)
  expect(sequence?.falseAlarms).toBeLessThan(0.12)
  expect(turns?.power).toBeGreaterThanOrEqual(POWER)
  expect(sequence?.power).toBeGreaterThanOrEqual(POWER)
  const ratio = (sequence?.size ?? 0) / (turns?.size ?? 1)
  expect(ratio).toBeGreaterThan(1 / 2)
  expect(ratio).toBeLessThan(2)
})

test('under drift the sequence finds differences that are not there, and turns do not', () => {
  const series = record(0.2)
  expect(playDesign(inTurn, series, 30, DIFFERENCE)?.falseAlarms).toBeLessThan(0.12)
  expect(playDesign(inSequence, series, 30, DIFFERENCE)?.falseAlarms).toBeGreaterThan(0.5)
  const compared = compareDesigns(series, DIFFERENCE, POWER)
  expect(compared?.turns.power).toBeGreaterThanOrEqual(POWER)
  expect(compared?.sequence.size).toBe(2 * (compared?.turns.size ?? 0))
  expect(compared?.sequence.power).toBeLessThan(POWER)
})

test('without a difference neither has any power', () => {
  const result = sizeFor(inTurn, record(0), 1, POWER)
  expect(result?.power).toBeLessThanOrEqual(0.05)
  expect(compareDesigns(record(0), 1, POWER)).toBeNull()
})

test('a recording that is too short says nothing, also where it would do for turns alone', () => {
  expect(sizeFor(inTurn, record(0, 71), DIFFERENCE, POWER)).toBeNull()
  expect(playDesign(inSequence, record(0, 71), 6, DIFFERENCE)).toBeNull()
  const series = record(0)
  const turns = sizeFor(inTurn, series, DIFFERENCE, POWER)
  const justEnough = series.slice(0, 12 * ((turns?.size ?? 0) + 1))
  expect(compareDesigns(justEnough, DIFFERENCE, POWER)).toBeNull()
})
