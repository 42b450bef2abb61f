import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type * as lock from '../linux/lock.ts'
import { benchErrorOf } from '../testing/errors.ts'
import { journalsIn } from './find-journals.ts'
import { openJournal } from './journal.ts'
import { readJournal } from './read-journal.ts'

const RUN = '20260131-142501-k3x9'

/** How often another program is quicker than this one. */
const quicker = vi.hoisted(() => ({ times: 0 }))

vi.mock('../linux/lock.ts', async (original) => {
  const real = await original<typeof lock>()
  return {
    ...real,
    tryLock: (...args: Parameters<typeof real.tryLock>) => {
      quicker.times -= 1
      if (quicker.times >= 0) rmSync(args[2])
      return real.tryLock(...args)
    },
  }
})

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'bench-test-journal-'))))
afterEach(() => rmSync(folder, { recursive: true }))

test('a journal that is deleted while it begins is made once more', () => {
  quicker.times = 2
  const journal = openJournal(folder, RUN, [])
  expect(readJournal(journal.path).owner?.run).toBe(RUN)
  expect(readdirSync(folder)).toEqual([basename(journal.path)])
  journal.close()
})

test('a journal that is deleted again and again is a host that is not ready', () => {
  quicker.times = 3
  expect(benchErrorOf(() => openJournal(folder, RUN, []))).toMatchObject({ exitCode: 4 })
  expect(readdirSync(folder)).toEqual([])
})

test('what a run left that was killed before its first record is found at once', () => {
  const path = join(folder, `${RUN}.ndjson.new`)
  writeFileSync(path, '')
  expect(journalsIn(folder)).toEqual([path])
})
