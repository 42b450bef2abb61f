import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { existingFolder } from './existing-folder.ts'

test('the nearest folder that is there, without links', () => {
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'bench-test-existing-')))
  onTestFinished(() => rmSync(place, { recursive: true }))
  mkdirSync(join(place, 'real'))
  symlinkSync('real', join(place, 'link'))
  symlinkSync('nothing', join(place, 'dangling'))
  expect(existingFolder(place)).toBe(place)
  expect(existingFolder(join(place, 'link/not/yet'))).toBe(join(place, 'real'))
  expect(existingFolder(join(place, 'dangling/not/yet'))).toBe(place)
  expect(existingFolder('/none/at/all')).toBe('/')
})
