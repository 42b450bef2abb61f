import { describe, expect, test } from 'vitest'
import { badLines, badText } from './refusals.ts'

describe('an answer', () => {
  test('of one line and a right exit code is good', () => {
    expect(badLines('bench: /dev/x is mounted\n', 2, [2, 4])).toEqual([])
    expect(badLines('', 0, [0])).toEqual([])
  })

  test.each([
    ['bench: x', 1, ['exit code 1']],
    ['bench: x', null, ['it did not end']],
    ['', 2, ['nothing was said']],
    ['preparing 1/2', 2, ['nothing was said']],
    ['bench: x\u001B[2J', 2, ['control characters']],
    ['bench: x\u202E', 2, ['control characters']],
    ['bench: x\n    at work (file:///a.ts:3:9)\n', 2, ['a stack']],
  ])('%j with exit code %j is bad', (stderr, exit, bad) => {
    expect(badLines(stderr, exit, [2])).toEqual(bad)
  })

  test('may have tabs and newlines', () => {
    expect(badText('a\tb\nc')).toEqual([])
  })
})
