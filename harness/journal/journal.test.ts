import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { JournalEntry } from '../contracts/host.ts'
import { identityOf } from '../linux/process.ts'
import { benchErrorOf } from '../testing/errors.ts'
import { deleteJournal, listJournals, openJournal, ownerLives, readJournal } from './journal.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-test-journal-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const FILE: JournalEntry = { kind: 'file', path: '/a' }
const MOUNT: JournalEntry = { kind: 'mount', path: '/b' }
const PROCESS: JournalEntry = { kind: 'process', pid: 4, startTime: 5, name: 'daemon' }

describe('a journal', () => {
  test('holds what was recorded and not settled, in that order, and whose it is', () => {
    const journal = openJournal(folder, 'run-1')
    for (const entry of [FILE, MOUNT, PROCESS]) journal.record(entry)
    journal.settle({ kind: 'mount', path: '/b' })
    journal.close()
    expect(readJournal(journal.path)).toEqual({
      path: journal.path,
      owner: { ...identityOf(process.pid), run: 'run-1' },
      open: [FILE, PROCESS],
    })
  })

  test('is on the file as soon as record returns', () => {
    const journal = openJournal(folder, 'run-1')
    journal.record(FILE)
    expect(readJournal(journal.path).open).toEqual([FILE])
    journal.close()
  })

  test('keeps its owner when a second process of the run opens it', () => {
    const first = openJournal(folder, 'run-1')
    first.record(FILE)
    const second = openJournal(folder, 'run-1')
    second.record(MOUNT)
    expect(readFileSync(first.path, 'utf8').match(/"begin"/g)).toHaveLength(1)
    expect(readJournal(first.path).open).toEqual([FILE, MOUNT])
    first.close()
    second.close()
  })

  test('torn in its last line is read up to there', () => {
    const journal = openJournal(folder, 'run-1')
    journal.record(FILE)
    journal.record(MOUNT)
    journal.close()
    const text = readFileSync(journal.path, 'utf8')
    for (let cut = 1; cut < 20; cut += 1) {
      writeFileSync(journal.path, text.slice(0, -1 - cut))
      expect(readJournal(journal.path).open).toEqual([FILE])
    }
    writeFileSync(journal.path, text)
    appendFileSync(journal.path, '{"op":"settle","ent')
    expect(readJournal(journal.path).open).toEqual([FILE, MOUNT])
  })

  test('that has only begun, or is empty, has nothing to undo', () => {
    const path = join(folder, 'run-1.ndjson')
    writeFileSync(path, '')
    expect(readJournal(path)).toEqual({ path, owner: null, open: [] })
  })

  test('that cannot be written is a host that is not ready', () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    expect(benchErrorOf(() => openJournal(join(file, 'journal'), 'run-1')).exitCode).toBe(4)
  })
})

test('all journals of a folder, by the time of their run; none where there is no folder', () => {
  for (const run of ['20260102', '20260101']) openJournal(folder, run).close()
  writeFileSync(join(folder, 'notes.txt'), '')
  expect(listJournals(folder).map((journal) => journal.owner?.run)).toEqual(['20260101', '20260102'])
  deleteJournal(join(folder, '20260101.ndjson'))
  deleteJournal(join(folder, '20260101.ndjson'))
  expect(listJournals(folder)).toHaveLength(1)
  expect(listJournals(join(folder, 'none'))).toEqual([])
})

describe('the owner of a journal', () => {
  const me = { ...identityOf(process.pid), run: 'x' }

  test('lives while its process does', () => expect(ownerLives(me)).toBe(true))

  test('that nobody wrote down is dead', () => expect(ownerLives(null)).toBe(false))

  test('is dead after a reboot, even if all else agrees', () => {
    expect(ownerLives({ ...me, bootId: '00000000-0000-0000-0000-000000000000' })).toBe(false)
  })
})
