import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { replaceFile } from './replace-file.ts'

let place: string
let path: string
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'bench-test-replace-'))
  path = join(place, 'file')
})
afterEach(() => rmSync(place, { recursive: true }))

test('the old file is there whole until the new one is', () => {
  replaceFile(path, 'old')
  const { ino } = statSync(path)
  replaceFile(path, 'new')
  expect(readFileSync(path, 'utf8')).toBe('new')
  expect(statSync(path).ino).not.toBe(ino)
  expect(readdirSync(place)).toEqual(['file'])
})

test('a file that cannot be written leaves the old one, and nothing beside it', () => {
  replaceFile(path, 'old')
  expect(() => replaceFile(path, { toString: null } as never)).toThrow(TypeError)
  expect(readFileSync(path, 'utf8')).toBe('old')
  expect(readdirSync(place)).toEqual(['file'])
})

test('a link at the path is replaced, and its target keeps its content', () => {
  writeFileSync(join(place, 'target'), 'precious')
  symlinkSync('target', path)
  replaceFile(path, 'new')
  expect(readFileSync(join(place, 'target'), 'utf8')).toBe('precious')
  expect(readFileSync(path, 'utf8')).toBe('new')
})

test('a link at the name that was once used for the temporary file is not followed', () => {
  writeFileSync(join(place, 'target'), 'precious')
  symlinkSync('target', `${path}.tmp`)
  replaceFile(path, 'new')
  expect(readFileSync(join(place, 'target'), 'utf8')).toBe('precious')
  expect(existsSync(`${path}.tmp`)).toBe(true)
})

test('permission bits are what was asked for, whatever the umask', () => {
  replaceFile(path, 'secret', { mode: 0o600 })
  expect(statSync(path).mode & 0o777).toBe(0o600)
  replaceFile(path, 'shared', { mode: 0o666 })
  expect(statSync(path).mode & 0o777).toBe(0o666)
})
