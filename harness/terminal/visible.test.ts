import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyText } from '../testing/any-text.ts'
import { guardStream } from './guard-stream.ts'
import { visible, visibleLines, visibleStyledLines } from './visible.ts'

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => String.fromCharCode(from + index))
/** Every kind, spelt out beside the pattern. */
const CONTROLS = [
  ...range(0x00, 0x1f),
  ...range(0x7f, 0x9f),
  ...range(0x200e, 0x200f),
  ...range(0x2028, 0x202e),
  ...range(0x2066, 0x2069),
  '\u061c',
]
const RAW = new RegExp(`[${CONTROLS.map((control) => `\\u${hex(control)}`).join('')}]`)
const RAW_IN_LINES = new RegExp(RAW.source.replace(String.raw`\u000a`, ''))

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(4, '0')
}

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...CONTROLS), anyText(), fc.string()), {
    maxLength: 20,
  })
  .map((parts) => parts.join(''))

describe('control characters are made visible', () => {
  test.each(CONTROLS.map((control) => [hex(control), control]))('U+%s', (code, control) => {
    expect(visible(`a${control}b`)).toBe(String.raw`a\u${code}b`)
    expect(visibleLines(`a${control}b`)).toBe(control === '\n' ? `a${control}b` : `a\\u${code}b`)
    expect(visibleStyledLines(`a${control}b`)).toBe(visibleLines(`a${control}b`))
  })

  test('whatever stands between them', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(visible(text)).not.toMatch(RAW)
        expect(visibleLines(text)).not.toMatch(RAW_IN_LINES)
      }),
    )
  })

  test('and the rest is left as it is', () => {
    for (const text of ['', 'web1', 'größe 12 µs — ±3 %', '東京', '👩‍👩‍👧', 'שלום', String.raw`a\u001b`]) {
      expect(visible(text)).toBe(text)
    }
  })

  test('half a surrogate pair too', () => expect(visible('a\ud83d')).toBe(String.raw`a\ud83d`))

  test('JSON says the same as before', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(JSON.parse(visible(JSON.stringify({ text })))).toEqual({ text })
        expect(JSON.parse(visibleLines(JSON.stringify({ text }, null, 2)))).toEqual({ text })
      }),
    )
  })
})

describe('at a terminal', () => {
  test.each(['\x1b[1mbold\x1b[22m', '\x1b[31mred\x1b[39m', '\x1b[2mdim\x1b[0m', '\x1b[97m\x1b[49m'])(
    'colours stay: %j',
    (text) => expect(visibleStyledLines(text)).toBe(text),
  )

  test.each([
    ['clears', '\x1b[2J'],
    ['moves', '\x1b[1A'],
    ['hides', '\x1b[8m'],
    ['blinks', '\x1b[5m'],
    ['retitles', '\x1b]0;owned\x07'],
    ['switches the character set', '\x1b(0'],
    ['answers', '\x1b[6n'],
    ['by C1', '\x9b2J'],
    ['several at once', '\x1b[1;31m'],
  ])('nothing %s', (_, text) => expect(visibleStyledLines(`a${text}b`)).not.toMatch(RAW))
})

test.each([false, true])('a stream lets none through, by any writer; at a terminal: %s', (isTTY) => {
  const target = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream & PassThrough
  const guarded = guardStream(target)
  guarded.write('a\x1b[2J\u202eb\x1b[31mc\n')
  guarded.end()
  expect(target.read()?.toString()).toBe(`a\\u001b[2J\\u202eb${isTTY ? '\x1b' : '\\u001b'}[31mc\n`)
  expect(guarded.isTTY).toBe(isTTY)
})
