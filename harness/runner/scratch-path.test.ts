import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { unrecordedHost } from '../host/index.ts'
import { benchErrorOfAsync } from '../testing/errors.ts'
import { checkScratch } from './scratch.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-test-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test.each([
  ['a link to nothing', (path: string) => symlinkSync('/nowhere/at/all', path), 'link'],
  ['a link to itself', (path: string) => symlinkSync(path, path), 'link'],
  ['a name that is too long', () => undefined, 'x'.repeat(300)],
])('%s for scratch is refused before anything is made', async (_, make, name) => {
  const path = join(folder, name)
  make(path)
  const error = await benchErrorOfAsync(checkScratch(unrecordedHost(), { kind: 'loop', path, size: 1 }, null))
  expect(error).toMatchObject({ exitCode: 2 })
  expect(error.message).toContain('cannot be used')
})
