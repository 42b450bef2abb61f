import { expect, it } from 'vitest'
import { answerText, moreRounds } from './answer.ts'
import { formatAtLeast, formatBrief } from './format.ts'

const time = { secondsARound: 30 }

it('says each answer in words, and what an open one would take', () => {
  const told = (answer: Parameters<typeof answerText>[0]['answer']) => answerText({ answer, pairs: 5 }, time)
  expect(told({ is: 'dearer', atLeast: 167.2 })).toBe('dearer, at least 160×')
  expect(told({ is: 'cheaper', atLeast: 1.234 })).toBe('cheaper, at least 1.23×')
  expect(told({ is: 'same' })).toBe('about the same')
  expect(told({ is: 'open', rounds: 12 })).toBe('not known yet (about 7 more rounds, 4 min)')
  expect(told({ is: 'open', rounds: null })).toBe('not known yet')
  expect(moreRounds(1, { secondsARound: null })).toBe('about 1 more round')
  expect(moreRounds(0, time)).toBe('')
})

it('rounds a bound down, so that it holds', () => {
  expect([1, 1.178, 1.3, 1.999, 4.232, 9.99, 12.9, 167.2, 1471, 51_999, Infinity].map(formatAtLeast)).toEqual(
    ['1×', '1.17×', '1.3×', '1.99×', '4.2×', '9.9×', '12×', '160×', '1,400×', '51,000×', '1,000,000×'],
  )
})

it('writes figures for narrow columns', () => {
  const written = [0.00136, 0.2852, 1.206, 0.0288].map((seconds) => formatBrief(seconds, 's'))
  expect(written).toEqual(['1.4 ms', '285 ms', '1.2 s', '29 ms'])
  expect([formatBrief(8272.3, 'iops'), formatBrief(1.02, 'ratio'), formatBrief(null, 's')]).toEqual([
    '8,272',
    '1.0×',
    '–',
  ])
})
