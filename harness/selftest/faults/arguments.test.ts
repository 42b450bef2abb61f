import { describe, expect, test } from 'vitest'
import { parseArguments } from './arguments.ts'

describe('the arguments of bench:faults', () => {
  test('name parts and numbers', () => {
    expect(parseArguments(['journals', '--kills', '20', '--seed', '7'], 1)).toEqual({
      parts: ['journals'],
      seed: 7,
      kills: 20,
      minutes: 60,
      all: false,
    })
  })

  test('may be missing: all parts, with the given seed', () => {
    expect(parseArguments([], 5)).toMatchObject({ seed: 5, kills: 200 })
  })

  test.each([
    [['disks'], 'expected one of'],
    [['--seed', 'x'], '--seed requires'],
    [['--minutes', '1h'], '--minutes requires'],
    [['--every'], '--every'],
  ])('%j is refused', (words, says) => {
    expect(() => parseArguments(words, 1)).toThrow(says)
  })
})
