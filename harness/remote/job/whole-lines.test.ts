import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { wholeLines } from './whole-lines.ts'

let path: string
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-test-lines-'))
  path = join(folder, 'file')
})
afterAll(() => rmSync(folder, { recursive: true }))

const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ''))

test('whoever reads a growing file by its whole lines, in pieces of any size, gets it once and all of it', () => {
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
