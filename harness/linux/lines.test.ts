import { appendFileSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anyText } from '../testing/any-text.ts'
import { completeLines, wholeLines } from './lines.ts'

/** Bytes of the longest line. */
const LONGEST = 32 * 1024 ** 2

let path: string
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-test-lines-'))
  path = join(folder, 'file')
})
afterAll(() => rmSync(folder, { recursive: true }))

const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ''))

test('a growing file that is read by its whole lines, in pieces of any size, is read once and all of it', () => {
  fc.assert(
    fc.property(
      fc.array(line),
      fc.array(fc.nat(200)),
      fc.integer({ min: 1, max: 64 }),
      (lines, cuts, chunk) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''))
        writeFileSync(path, '')
        let at = 0
        let read = ''
        const readMore = () => {
          for (const { offset, text } of wholeLines(path, at, chunk)) {
            expect(offset).toBe(at)
            expect(text.endsWith('\n')).toBe(true)
            at += Buffer.byteLength(text)
            read += text
          }
        }
        let written = 0
        for (const cut of [...cuts, bytes.length]) {
          appendFileSync(path, bytes.subarray(written, written + cut))
          written = Math.min(bytes.length, written + cut)
          readMore()
        }
        expect(read).toBe(bytes.toString())
      },
    ),
  )
})

test('a file that is not there has no lines yet', () => {
  expect([...wholeLines(join(folder, 'none'), 0)]).toEqual([])
})

function linesOf(text: string): string[] {
  writeFileSync(path, text)
  return [...completeLines(path, LONGEST)]
}

test('complete lines are those between newlines, without what follows the last one', () => {
  const binary = anyText().map((text) => text.replaceAll('\n', ''))
  fc.assert(
    fc.property(fc.array(binary), binary, (lines, torn) => {
      // Half a surrogate pair is no text and does not survive writing, let alone reading.
      const wanted = lines.map((text) => Buffer.from(text).toString())
      expect(linesOf(wanted.map((text) => `${text}\n`).join('') + torn)).toEqual(wanted)
    }),
  )
})

test('complete lines may be longer than what is read at once, and end anywhere in it', () => {
  const lines = [10, 2 ** 20 - 12, 0, 3 * 2 ** 20, 1].map((length) => 'é'.repeat(length))
  expect(linesOf(`${lines.join('\n')}\ntorn`)).toEqual(lines)
})

test('complete lines can be left before their end, and the file is closed', () => {
  writeFileSync(path, 'line\n'.repeat(1000))
  for (const first of completeLines(path, LONGEST)) {
    expect(first).toBe('line')
    expect(openFiles()).toContain(path)
    break
  }
  expect(openFiles()).not.toContain(path)
})

/** Returns the files that this process has open. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      // That of the listing itself is gone.
      return []
    }
  })
}

test('a line that is too long is refused, wherever it ends', () => {
  writeFileSync(path, `short\n${'x'.repeat(3 * 2 ** 20)}\n`)
  expect(() => [...completeLines(path, 2 ** 20)]).toThrow('has a line of more than 1M')
})

test('complete lines say whether something follows the last of them', () => {
  const tornAfter = (text: string) => {
    writeFileSync(path, text)
    const lines = completeLines(path, LONGEST)
    for (;;) {
      const { done, value } = lines.next()
      if (done) return value
    }
  }
  expect(tornAfter('line\n')).toBe(false)
  expect(tornAfter('line\nto')).toBe(true)
  expect(tornAfter('')).toBe(false)
})
