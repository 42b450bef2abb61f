import { describe, expect, it } from 'vitest'
import { detectableEffect } from './detectable-effect.ts'
import { normalQuantile } from './normal.ts'

/** n values that are spread exactly as a normal distribution is. */
const normalLogs = (n: number, scale: number) =>
  Array.from({ length: n }, (_, index) => scale * normalQuantile((index + 0.5) / n))

describe('detectableEffect', () => {
  it('of normal noise is what the formula for the mean gives, by the efficiency of 3/π', () => {
    const expected = Math.expm1(((1.96 + 0.8416) * 0.05) / Math.sqrt((40 * 3) / Math.PI))
    const effect = detectableEffect(normalLogs(40, 0.05)) ?? 0
    expect(effect / expected).toBeGreaterThan(0.95)
    expect(effect / expected).toBeLessThan(1.05)
  })

  it('falls with more rounds and less noise, and rises with more power and a stricter level', () => {
    const effect = (n: number, scale: number, options = {}) =>
      detectableEffect(normalLogs(n, scale), options) ?? 0
    expect(effect(40, 0.05)).toBeLessThan(effect(20, 0.05))
    expect(effect(20, 0.02)).toBeLessThan(effect(20, 0.05))
    expect(effect(20, 0.05, { power: 0.95 })).toBeGreaterThan(effect(20, 0.05))
    expect(effect(20, 0.05, { alpha: 0.01 })).toBeGreaterThan(effect(20, 0.05))
  })

  it('is not told where no result of the test would be significant', () => {
    expect(detectableEffect(normalLogs(5, 0.05))).toBeNull()
    expect(detectableEffect(normalLogs(6, 0.05))).not.toBeNull()
    expect(detectableEffect(normalLogs(6, 0.05), { alpha: 0.01 })).toBeNull()
    expect(detectableEffect([])).toBeNull()
  })
})
