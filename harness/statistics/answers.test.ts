import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerTogether, type Question } from './answers.ts'
import { BEYOND_RATIOS } from './paired-ratio.ts'
import { generator } from './random.ts'

/** Rounds around a ratio, with 2 % of noise that is the same every time. */
function rounds(ratio: number, count: number, seed: number): Question {
  const random = generator(seed)
  const noise = () => 0.02 * (random() + random() + random() - 1.5)
  return { logRatios: Array.from({ length: count }, () => Math.log(ratio) + noise()), pickedFrom: 1 }
}

/** Comparisons of equals that lend their noise. */
const beside = (count: number) => Array.from({ length: 30 }, (_, seed) => rounds(1, count, seed + 100))
const answersOf = (...questions: Question[]) =>
  answerTogether([...questions, ...beside(questions[0]?.logRatios.length ?? 0)], 0.1)
    .slice(0, questions.length)
    .map(({ answer }) => answer)

describe('of three rounds', () => {
  test('what costs several times as much is dearer, the other way round cheaper, by the same factor', () => {
    const [dearer, cheaper] = answersOf(rounds(5, 3, 1), rounds(1 / 5, 3, 2))
    expect(dearer).toMatchObject({ is: 'dearer' })
    expect(cheaper).toMatchObject({ is: 'cheaper' })
    for (const answer of [dearer, cheaper]) {
      expect(answer && 'atLeast' in answer ? answer.atLeast : 0).toBeGreaterThan(4.5)
      expect(answer && 'atLeast' in answer ? answer.atLeast : 9).toBeLessThan(5)
    }
  })

  test('what is within a tenth is about the same, though surely dearer', () => {
    expect(answersOf(rounds(1, 3, 1), rounds(1.03, 3, 2))).toEqual([{ is: 'same' }, { is: 'same' }])
  })

  test('what lies at the margin is open, with the rounds that it takes', () => {
    const [answer] = answersOf({ logRatios: [0.02, 0.1, 0.2], pickedFrom: 1 })
    expect(answer).toMatchObject({ is: 'open' })
    expect(answer && 'rounds' in answer ? answer.rounds : 0).toBeGreaterThan(3)
  })

  test('a wider margin makes more of them the same', () => {
    const [answered] = answerTogether([rounds(1.15, 3, 1), ...beside(3)], 0.3)
    expect(answered?.answer).toEqual({ is: 'same' })
  })
})

test('one round answers nothing, and says of no number of rounds that it would', () => {
  expect(answersOf(rounds(300, 1, 1))).toEqual([{ is: 'open', rounds: null }])
})

test('a rate of 0 in every round is dearer than any number; in one of three it is open', () => {
  const always = { logRatios: [BEYOND_RATIOS, BEYOND_RATIOS, BEYOND_RATIOS], pickedFrom: 1 }
  const once = { logRatios: [0, BEYOND_RATIOS, 0], pickedFrom: 1 }
  expect(answersOf(always, once)).toEqual([
    { is: 'dearer', atLeast: Infinity },
    { is: 'open', rounds: null },
  ])
})

test('one that was picked out of many needs more', () => {
  const question = { ...rounds(1.2, 3, 1), pickedFrom: 10_000 }
  expect(answersOf(question)).toEqual([expect.objectContaining({ is: 'open' })])
  expect(answersOf({ ...question, pickedFrom: 1 })).toEqual([expect.objectContaining({ is: 'dearer' })])
})

test('of many rounds the ranks decide, and the two tests agree', () => {
  const [answered] = answerTogether([rounds(1.3, 14, 1), ...beside(14)], 0.1)
  expect(answered).toMatchObject({ answer: { is: 'dearer' }, disagrees: false })
})

test('where one round of many is far off, the ranks see a difference that the moderated test does not', () => {
  const logRatios = [...rounds(1.3, 13, 1).logRatios, -9]
  const [answered] = answerTogether([{ logRatios, pickedFrom: 1 }], 0.1)
  expect(answered?.disagrees).toBe(true)
})

test('nothing asked, nothing answered', () => {
  expect(answerTogether([], 0.1)).toEqual([])
})

test('the answer does not depend on which of the two is the reference', () => {
  // Without ties, which the interval of the ratio breaks to one side.
  const thousandth = fc.integer({ min: -2000, max: 2000 }).map((thousandths) => thousandths / 1000)
  const values = fc.uniqueArray(thousandth, { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(fc.array(values, { minLength: 1, maxLength: 5 }), (families) => {
      const ask = (sign: number) =>
        answerTogether(
          families.map((family) => ({ logRatios: family.map((value) => sign * value), pickedFrom: 1 })),
          0.1,
        )
      const turned = { dearer: 'cheaper', cheaper: 'dearer', same: 'same', open: 'open' } as const
      expect(ask(-1).map(({ answer }) => answer.is)).toEqual(ask(1).map(({ answer }) => turned[answer.is]))
    }),
  )
})

test('comparisons that are judged elsewhere lend their noise', () => {
  const question = { logRatios: [0.25, 0.33, 0.45], pickedFrom: 3 }
  const ask = (lenders: readonly Question[]) =>
    answerTogether(
      [question],
      0.1,
      lenders.map(({ logRatios }) => logRatios),
    )[0]?.answer.is
  expect(ask([])).toBe('open')
  expect(ask(beside(3))).toBe('dearer')
})
