import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tryLock } from '../linux/lock.ts'
import { benchErrorOf } from '../testing/errors.ts'
import { journalsIn } from './find-journals.ts'
import { openJournal } from './journal.ts'
import { readJournal } from './read-journal.ts'

const RUN = '20260131-142501-k3x9'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'bench-test-journal-'))))
afterEach(() => rmSync(folder, { recursive: true }))

/** Locks as ever, after another program was quicker and deleted the file, the first `times`. */
function takenAway(times: number): typeof tryLock {
  let left = times
  return (fd, kind, path) => {
    left -= 1
    if (left >= 0) rmSync(path)
    return tryLock(fd, kind, path)
  }
}

test('a journal that is deleted while it begins is made once more', () => {
  const journal = openJournal(folder, RUN, [], takenAway(2))
  expect(readJournal(journal.path).owner?.run).toBe(RUN)
  expect(readdirSync(folder)).toEqual([basename(journal.path)])
  journal.close()
})

test('a journal that is deleted again and again is a host that is not ready', () => {
  expect(benchErrorOf(() => openJournal(folder, RUN, [], takenAway(3)))).toMatchObject({ exitCode: 4 })
  expect(readdirSync(folder)).toEqual([])
})

test('what a run left that was killed before its first record is found at once', () => {
  const path = join(folder, `${RUN}.ndjson.new`)
  writeFileSync(path, '')
  expect(journalsIn(folder)).toEqual([path])
})
