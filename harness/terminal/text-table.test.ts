import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { cutText, textTable, textWidth } from './text-table.ts'

describe('textTable', () => {
  test('puts texts below their titles, two blanks apart, numbers to the right, without blanks at the end', () => {
    const columns = ['host', { title: 'samples', align: 'right' }, 'reason'] as const
    const rows = [
      ['rack-1', '1,240', ''],
      ['rack-12', '8', 'was interrupted'],
    ]
    expect(textTable(columns, rows).split('\n')).toEqual([
      'host     samples  reason',
      'rack-1     1,240',
      'rack-12        8  was interrupted',
    ])
  })

  test('takes a short row, and a table without rows', () => {
    expect(textTable(['a', 'b'], [['1']])).toBe('a  b\n1')
    expect(textTable(['a', 'b'], [])).toBe('a  b')
  })

  test('keeps the further lines of a text in its column', () => {
    expect(textTable(['a', 'b', 'c'], [['1', 'two\nthree', '4']]).split('\n')).toEqual([
      'a  b      c',
      '1  two    4',
      '   three',
    ])
  })

  test('counts neither colours nor combining marks, and a wide character as two', () => {
    const rows = [
      ['\u001b[31mred\u001b[39m', '1'],
      ['日本', '2'],
      ['e\u0301', '3'],
    ]
    expect(stripVTControlCharacters(textTable(['', 'n'], rows)).split('\n')).toEqual([
      '      n',
      'red   1',
      '日本  2',
      'e\u0301     3',
    ])
  })
})

test('textWidth is that of the longest line', () => {
  expect([textWidth(''), textWidth('251 µs'), textWidth('a\nbcd\nef')]).toEqual([0, 6, 3])
})

test.each([
  ['unsupported', 11, 'unsupported'],
  ['unsupported', 10, 'unsupport…'],
  ['日本語', 5, '日本…'],
  ['日本語', 4, '日…'],
])('cutText makes of %s, in %i columns, %s', (text, width, cut) => {
  expect(cutText(text, width)).toBe(cut)
})
