import { expect, test } from 'vitest'
import { lastLines, withLastLines } from './last-lines.ts'

test.for([
  ['a\nb\nc\nd\n', 1, 'd'],
  ['a\nb\nc\nd\n', 3, 'b / c / d'],
  ['a\r\n\r\n  b  \r\n', 3, 'a / b'],
  ['a', 3, 'a'],
  ['\n\n', 1, ''],
] as const)('%j: the last %i are %j', ([text, most, last]) => {
  expect(lastLines(text, most)).toBe(last)
})

test('a message ends with them, or with itself', () => {
  expect(withLastLines('fio ended with 1', 'a\nno space\n')).toBe('fio ended with 1: no space')
  expect(withLastLines('fio ended with 1', 'a\nno space\n', 3)).toBe('fio ended with 1: a / no space')
  expect(withLastLines('fio ended with 1', '\n')).toBe('fio ended with 1')
})
