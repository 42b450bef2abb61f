import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isRoot } from '../testing/scratch-file.ts'
import { readInputFile } from './input-file.ts'

const LIMIT = 4096
let place: string
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'bench-test-input-'))
})
afterEach(() => rmSync(place, { recursive: true }))

const at = (name: string) => join(place, name)
const read = (path: string) => readInputFile(path, LIMIT)

test('a regular file is read, up to the limit and behind links', () => {
  const text = 'ä'.repeat(LIMIT / 2)
  writeFileSync(at('file'), text)
  symlinkSync('file', at('link'))
  expect(read(at('link'))).toBe(text)
  writeFileSync(at('empty'), '')
  expect(read(at('empty'))).toBe('')
})

test('a file of /proc, whose size is not known, is read', () => {
  expect(read('/proc/self/comm')).toMatch(/\S/)
  expect(() => readInputFile('/proc/self/mountinfo', 10)).toThrow(/^is larger than 10$/)
})

test('what is larger is refused, however large it is', () => {
  writeFileSync(at('larger'), 'x'.repeat(LIMIT + 1))
  writeFileSync(at('sparse'), '')
  truncateSync(at('sparse'), 2 ** 42)
  for (const name of ['larger', 'sparse']) expect(() => read(at(name))).toThrow(/^is larger than 4K$/)
})

test('what is no regular file is refused without being opened', () => {
  spawnSync('mkfifo', [at('pipe')])
  expect(() => read(at('pipe'))).toThrow(/^is a pipe, not a regular file$/)
  expect(() => read(place)).toThrow(/^is a folder, not a regular file$/)
  expect(() => read(at('nothing'))).toThrow(/ENOENT/)
})

test.skipIf(!isRoot)('an endless device is refused', () => {
  spawnSync('mknod', [at('zero'), 'c', '1', '5'])
  expect(() => read(at('zero'))).toThrow(/^is a character device, not a regular file$/)
})
