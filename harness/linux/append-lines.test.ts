import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cutTornLine } from './append-lines.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'bench-test-lines-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const LONG = 'x'.repeat(200_000)

test.each([
  ['nothing', '', ''],
  ['whole lines', 'one\ntwo\n', 'one\ntwo\n'],
  ['a torn line', 'one\ntwo\nthr', 'one\ntwo\n'],
  ['a first line that is torn', 'on', ''],
  ['a long torn line', `one\n${LONG}`, 'one\n'],
  ['a long whole line', `one\n${LONG}\n`, `one\n${LONG}\n`],
  [
    'a newline at the border of a piece',
    `${'x'.repeat(65_535)}\n${'y'.repeat(65_536)}`,
    `${'x'.repeat(65_535)}\n`,
  ],
])('of %s only what has no end is cut off', (_, before, after) => {
  const path = join(folder, 'lines')
  writeFileSync(path, before)
  const fd = openSync(path, 'r+')
  cutTornLine(fd)
  closeSync(fd)
  expect(readFileSync(path, 'utf8')).toBe(after)
})
