import fc from 'fast-check'
import { expect, it } from 'vitest'
import { textWidth } from './text-table.ts'
import { wrapText } from './wrap-text.ts'

it('breaks between words, and indents what follows', () => {
  expect(wrapText('one two three four', 9, '  ')).toEqual(['one two', '  three', '  four'])
  expect(wrapText('takes 285 ms here', 9)).toEqual(['takes', '285 ms', 'here'])
  expect(wrapText('', 9)).toEqual([''])
  expect(wrapText('a-word-that-is-longer short', 9)).toEqual(['a-word-that-is-longer', 'short'])
})

it('loses no word, and makes no line too wide that has two', () => {
  const word = fc.stringMatching(/^[a-fµ×]{1,12}$/)
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 4, max: 40 }), (words, width) => {
      const lines = wrapText(words.join(' '), width, '  ')
      expect(lines.flatMap((line) => line.trim().split(' '))).toEqual(words)
      const wide = lines.filter((line) => textWidth(line) > width)
      expect(wide.every((line) => !line.trim().includes(' '))).toBe(true)
    }),
  )
})
