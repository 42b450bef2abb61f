import { expect, test } from 'vitest'
import { judgeTrials } from './trials.ts'

const noise = [0.01, -0.02, 0.015, -0.005, 0.02, -0.01, 0.005, -0.015, 0.012, -0.008, 0.018]
const shifted = noise.map((value) => value + Math.log(3))

test('whatever is left of the rounds is no trial', () => {
  expect(judgeTrials([noise, shifted], 3, 0.1)).toHaveLength(3)
  expect(judgeTrials([noise, shifted.slice(0, 5)], 3, 0.1)).toHaveLength(1)
  expect(judgeTrials([noise], 12, 0.1)).toEqual([])
  expect(judgeTrials([], 3, 0.1)).toEqual([])
})

test('three rounds are enough for the model and the answers, and too few for the ranks', () => {
  for (const [equal, slower] of judgeTrials([noise, shifted], 3, 0.1)) {
    expect(equal).toMatchObject({ byRanks: false, byModel: false })
    expect(equal?.answer).not.toBe('dearer')
    expect(slower).toEqual({ byRanks: false, byModel: true, answer: 'dearer' })
  }
})

test('ten rounds are enough for the ranks, too', () => {
  expect(judgeTrials([noise, shifted], 10, 0.1).map(([, slower]) => slower)).toEqual([
    { byRanks: true, byModel: true, answer: 'dearer' },
  ])
})
