import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { namesFor } from './up.ts'

const count = fc.integer({ min: 1, max: 20 })
const number = fc.integer({ min: 1, max: 30 })

describe('names of machines', () => {
  test('without one: the flavour with the first numbers that are free', () => {
    fc.assert(
      fc.property(count, fc.uniqueArray(number), (wanted, numbers) => {
        const taken = new Set(numbers.map((each) => `debian-12-${each}`))
        const names = namesFor({ name: null, count: wanted, flavour: 'debian-12' }, taken)
        expect(new Set(names).size).toBe(wanted)
        expect(names.filter((name) => taken.has(name))).toEqual([])
        // Every number below the last is used by one or the other.
        const last = Number(names.at(-1)?.replace('debian-12-', ''))
        const all = Array.from({ length: last }, (_, index) => `debian-12-${index + 1}`)
        expect(all.filter((name) => !taken.has(name))).toEqual(names)
      }),
    )
  })

  test('with one: it, or it with a number for each of several', () => {
    expect(namesFor({ name: 'web', count: 1, flavour: 'uml' }, new Set())).toEqual(['web'])
    expect(namesFor({ name: 'web', count: 2, flavour: 'uml' }, new Set())).toEqual(['web-1', 'web-2'])
  })

  test('one that is taken is refused, whichever of several it is', () => {
    expect(() => namesFor({ name: 'web', count: 3, flavour: 'uml' }, new Set(['web-3']))).toThrow(
      /already a machine web-3/,
    )
  })
})
