import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { completeLines } from './lines.ts'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'bench-test-lines-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

function linesOf(text: string): string[] {
  const path = join(directory, 'file')
  writeFileSync(path, text)
  return [...completeLines(path)]
}

test('are those between newlines, without what follows the last one', () => {
  const line = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', ''))
  fc.assert(
    fc.property(fc.array(line), line, (lines, torn) => {
      // Half a surrogate pair is no text and does not survive writing, let alone reading.
      const wanted = lines.map((text) => Buffer.from(text).toString())
      expect(linesOf(wanted.map((text) => `${text}\n`).join('') + torn)).toEqual(wanted)
    }),
  )
})

test('may be longer than what is read at once, and end anywhere in it', () => {
  const lines = [10, 2 ** 20 - 12, 0, 3 * 2 ** 20, 1].map((length) => 'é'.repeat(length))
  expect(linesOf(`${lines.join('\n')}\ntorn`)).toEqual(lines)
})

test('can be left before their end', () => {
  const path = join(directory, 'many')
  writeFileSync(path, 'line\n'.repeat(1000))
  for (let time = 0; time < 2000; time += 1) {
    const [first] = completeLines(path)
    expect(first).toBe('line')
  }
})
