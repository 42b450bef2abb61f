import { expect, test } from 'vitest'
import { counterThreshold, phaseThreshold } from '../contracts/thresholds.ts'
import { parseThresholds, thresholdsOf } from './gate.ts'

const SCENARIOS = [
  { id: 'bigfile', phases: [{ id: 'open' }, { id: 'first-write' }] },
  { id: 'startup', phases: [{ id: 'start' }] },
]
const of = (...texts: string[]) => thresholdsOf(parseThresholds(texts), SCENARIOS, '--threshold')

test('the most specific threshold counts', () => {
  const thresholds = of('10%', 'bigfile=20%', 'bigfile.open=30%', 'flushes=0%', 'bigfile.written=2%')
  expect(phaseThreshold(thresholds, 'bigfile', 'open')).toBe(0.3)
  expect(phaseThreshold(thresholds, 'bigfile', 'first-write')).toBe(0.2)
  expect(phaseThreshold(thresholds, 'startup', 'start')).toBe(0.1)
  expect(phaseThreshold({}, 'startup', 'start')).toBe(0.05)
  expect(counterThreshold(thresholds, 'startup', 'flushes')).toBe(0)
  expect(counterThreshold(thresholds, 'bigfile', 'written')).toBe(0.02)
  expect(counterThreshold(thresholds, 'bigfile', 'allocated')).toBe(0.2)
  expect(counterThreshold(thresholds, 'startup', 'written')).toBe(0.1)
})

test.each([
  ['bigfil=5%', /nothing to compare by the name bigfil/, /^did you mean bigfile\?/],
  ['bigfile.opn=5%', /nothing to compare by the name bigfile.opn/, /^did you mean bigfile.open\?/],
  ['bigfile=5', /--threshold: 5 is not a percentage/, /./],
  ['bigfile=0%', /--threshold: 0% is not a percentage above 0%/, /./],
])('%s is refused', (text, message, hint) => {
  expect(() => of(text)).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(message) as string,
      hint: expect.stringMatching(hint) as string,
    }) as Error,
  )
})
