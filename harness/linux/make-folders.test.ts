import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeFolders } from './make-folders.ts'

let place: string
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'bench-test-folders-'))
})
afterEach(() => rmSync(place, { recursive: true }))

test('all folders of a path are made, and those that are there stay', () => {
  makeFolders(join(place, 'a/b/c'))
  makeFolders(join(place, 'a/b/c'))
  makeFolders(join(place, 'a/b/d'), 0o700)
  expect(statSync(join(place, 'a/b/c')).isDirectory()).toBe(true)
  expect(statSync(join(place, 'a/b/d')).mode & 0o777).toBe(0o700)
})

test('a link to a folder is one; a dangling link and a file are not', () => {
  mkdirSync(join(place, 'real'))
  symlinkSync('real', join(place, 'link'))
  symlinkSync('nothing', join(place, 'dangling'))
  writeFileSync(join(place, 'file'), '')
  makeFolders(join(place, 'link/below'))
  expect(statSync(join(place, 'real/below')).isDirectory()).toBe(true)
  expect(() => makeFolders(join(place, 'dangling/below'))).toThrow('EEXIST')
  expect(() => makeFolders(join(place, 'file/below/it'))).toThrow('ENOTDIR')
  expect(() => makeFolders(join(place, 'file'))).toThrow('EEXIST')
})

// In a process of its own: what does not return cannot be ended by a test's own clock.
test('below /proc, where nothing can be made, it ends', () => {
  const program = `import { makeFolders } from ${JSON.stringify(join(import.meta.dirname, 'make-folders.ts'))}
    for (const path of ['/proc/x', '/proc/x/y/z', '/proc/self/x', '/sys/x/y'])
      try { makeFolders(path); console.log('made') } catch (error) { console.log(error.code) }`
  const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 20_000,
  })
  expect(stdout.trim().split('\n')).toHaveLength(4)
  expect(stdout).not.toContain('made')
})
