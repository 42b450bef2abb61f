import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Scale } from './chart-spec.ts'
import { fittingScale, linearScale, logScale, ratioScale } from './scale.ts'

const values = fc.array(fc.double({ min: 1e-8, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 30 })

function expectToHold(scale: Scale, all: readonly number[]) {
  expect(scale.min).toBeLessThanOrEqual(Math.min(...all) * 1.000_001)
  expect(scale.max).toBeGreaterThanOrEqual(Math.max(...all) * 0.999_999)
  expect(scale.min).toBeLessThan(scale.max)
  for (const { value, label } of scale.ticks) {
    expect(value).toBeGreaterThanOrEqual(scale.min)
    expect(value).toBeLessThanOrEqual(scale.max * 1.000_001)
    expect(label).not.toBe('')
  }
  expect(new Set(scale.ticks.map(({ label }) => label)).size).toBe(scale.ticks.length)
}

describe('scales', () => {
  it('hold all values between round ends, with distinct ticks', () => {
    fc.assert(fc.property(values, (all) => expectToHold(logScale(all, 's'), all)))
    fc.assert(fc.property(values, (all) => expectToHold(fittingScale(all, 's'), all)))
    fc.assert(fc.property(values, (all) => expectToHold({ ...linearScale(all, 's'), min: 0 }, all)))
  })

  it('label decades of a wide log axis, and 1, 2, 5 of a narrow one', () => {
    expect(logScale([0.0012, 0.9], 's').ticks.map(({ label }) => label)).toEqual([
      '1 ms',
      '10 ms',
      '100 ms',
      '1 s',
    ])
    expect(logScale([0.0012, 0.009], 's').ticks.map(({ label }) => label)).toEqual([
      '1 ms',
      '2 ms',
      '5 ms',
      '10 ms',
    ])
  })

  it('start a linear axis at nothing and give it at most seven ticks', () => {
    const scale = linearScale([0.467], 's')
    expect(scale.ticks.map(({ label }) => label)).toEqual([
      '0 s',
      '100 ms',
      '200 ms',
      '300 ms',
      '400 ms',
      '500 ms',
    ])
    fc.assert(
      fc.property(values, (all) => {
        expect(linearScale(all, 's').ticks.length).toBeLessThanOrEqual(7)
      }),
    )
  })

  it('are logarithmic for values far apart alone', () => {
    expect(fittingScale([1, 11], 's').type).toBe('linear')
    expect(fittingScale([1, 13], 's').type).toBe('logarithmic')
  })
})

describe('the axis of ratios', () => {
  it('holds all of them, and 1', () => {
    const ratios = fc.array(fc.double({ min: 1e-3, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(ratios, (all) => {
        const scale = ratioScale(all)
        expectToHold(scale, [...all, 1])
        expect(scale.ticks.length).toBeGreaterThanOrEqual(2)
        expect(new Set(scale.ticks.map(({ label }) => label)).size).toBe(scale.ticks.length)
      }),
    )
  })

  it('is linear and near where they are near each other, logarithmic where not', () => {
    const near = ratioScale([0.98, 1.04])
    expect(near.type).toBe('linear')
    expect(near.ticks.map(({ label }) => label)).toEqual(['0.98×', '1×', '1.02×', '1.04×'])
    expect(ratioScale([1.02, 200]).type).toBe('logarithmic')
  })
})
