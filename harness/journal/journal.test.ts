import {
  appendFileSync,
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { JournalEntry } from '../contracts/host.ts'
import { identityOf } from '../linux/process.ts'
import { tryLock } from '../linux/lock.ts'
import { benchErrorOf } from '../testing/errors.ts'
import { machineId, pidNamespace } from './here.ts'
import { joinJournal, openJournal } from './journal.ts'
import { readJournal } from './read-journal.ts'

const RUN = '20260131-142501-k3x9'

let folder: string
/** What the run named. */
let place: string
let journals: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-test-journal-'))
  place = join(folder, 'place')
  journals = join(folder, 'journal')
  mkdirSync(place)
})
afterEach(() => rmSync(folder, { recursive: true }))

const open = () => openJournal(journals, RUN, [place])
const file = (name = 'a'): JournalEntry => ({ kind: 'file', path: join(place, RUN, name) })
const PROCESS: JournalEntry = { kind: 'process', pid: 4, startTime: 5, name: 'daemon' }
const POOL: JournalEntry = { kind: 'zpool', name: `bench-${RUN}-0` }

describe('a journal', () => {
  test('holds what was recorded and not forgotten, in that order, and whose it is', () => {
    const journal = open()
    for (const entry of [file(), POOL, PROCESS]) journal.record(entry)
    journal.forget({ ...POOL })
    journal.close()
    expect(readJournal(journal.path)).toMatchObject({
      path: join(journals, `${RUN}.ndjson`),
      owner: {
        ...identityOf(process.pid),
        run: RUN,
        pidNamespace: pidNamespace(),
        machine: machineId(),
        places: [{ path: place, at: place }],
      },
      open: [file(), PROCESS],
      damaged: [],
      torn: false,
    })
  })

  test('is on the file as soon as record returns', () => {
    const journal = open()
    journal.record(file())
    expect(readJournal(journal.path).open).toEqual([file()])
    journal.close()
  })

  test('is there with its first line and its lock, or not at all', () => {
    const journal = open()
    expect(readdirSync(journals)).toEqual([`${RUN}.ndjson`])
    const other = openSync(journal.path, 'r')
    expect(tryLock(other, 'shared', journal.path)).toBe(false)
    journal.close()
    expect(tryLock(other, 'shared', journal.path)).toBe(true)
    closeSync(other)
  })

  test('keeps its owner when a second process of the run joins it', () => {
    const first = open()
    first.record(file('a'))
    const second = joinJournal(journals, RUN)
    expect(second.run).toBe(RUN)
    second.record(file('b'))
    expect(readFileSync(first.path, 'utf8').match(/"begin"/g)).toHaveLength(1)
    expect(readJournal(first.path).open).toEqual([file('a'), file('b')])
    first.close()
    second.close()
  })

  test('torn in its last line is read up to there', () => {
    const journal = open()
    journal.record(file('a'))
    journal.record(file('b'))
    journal.close()
    const text = readFileSync(journal.path, 'utf8')
    for (let cut = 1; cut < 20; cut += 1) {
      writeFileSync(journal.path, text.slice(0, -1 - cut))
      expect(readJournal(journal.path)).toMatchObject({ open: [file('a')], torn: true, damaged: [] })
    }
    writeFileSync(journal.path, text)
    appendFileSync(journal.path, '{"op":"settle","ent')
    expect(readJournal(journal.path)).toMatchObject({ open: [file('a'), file('b')], torn: true })
  })

  test('torn in its first line is damaged, since nothing says what it recorded; one that has not begun is not', () => {
    const path = join(folder, `${RUN}.ndjson`)
    for (const [name, damaged] of [
      [path, [1]],
      [`${path}.new`, []],
    ] as const) {
      writeFileSync(name, '{"op":"begin","own')
      expect(readJournal(name)).toMatchObject({ owner: null, torn: true, damaged })
    }
  })

  test.each([
    ['a torn line', '{"op":"rec'],
    ['an empty line', ''],
    ['binary zeros', '\0'.repeat(100)],
    ['an entry of a kind that is not known', '{"op":"record","entry":{"kind":"cat","path":"/a"}}'],
    ['a second beginning', null],
  ])('%s in the middle costs that line only, and is named by its number', (_, line) => {
    const journal = open()
    journal.record(file('a'))
    const [begin] = readFileSync(journal.path, 'utf8').split('\n')
    appendFileSync(journal.path, `${line ?? begin}\n`)
    journal.record(file('b'))
    journal.close()
    expect(readJournal(journal.path)).toMatchObject({
      owner: { run: RUN },
      open: [file('a'), file('b')],
      damaged: [3],
    })
  })

  test('that is empty has nothing to undo', () => {
    const path = join(folder, `${RUN}.ndjson`)
    writeFileSync(path, '')
    expect(readJournal(path)).toEqual({ path, owner: null, open: [], damaged: [], torn: false })
  })

  test('that cannot be written is a host that is not ready', () => {
    const path = join(folder, 'file')
    writeFileSync(path, '')
    expect(benchErrorOf(() => openJournal(join(path, 'journal'), RUN, [])).exitCode).toBe(4)
    expect(benchErrorOf(() => joinJournal(folder, RUN)).exitCode).toBe(4)
  })

  test('is not begun in a folder that others may write, or that is a link', () => {
    mkdirSync(journals)
    chmodSync(journals, 0o777)
    const error = benchErrorOf(open)
    expect(error).toMatchObject({ code: 'journal.write', exitCode: 4 })
    expect(error.message).toContain('may be written by other users')
    symlinkSync(place, join(folder, 'link'))
    expect(benchErrorOf(() => openJournal(join(folder, 'link'), RUN, [])).message).toContain(
      'is a symbolic link',
    )
  })
})

describe('what is recorded', () => {
  test.each<[string, JournalEntry]>([
    ['lies in another folder', { kind: 'directory', path: `/etc/${RUN}` }],
    ['does not carry the run’s id', { kind: 'directory', path: '/home' }],
    ['is relative', { kind: 'file', path: `${RUN}/x` }],
    ['is of another run', { kind: 'zpool', name: 'bench-20260131-142501-aaaa-0' }],
  ])('is refused before it is made when it %s', (_, entry) => {
    const journal = open()
    expect(() => journal.record(entry)).toThrow('not for the journal')
    expect(readJournal(journal.path).open).toEqual([])
    journal.close()
  })

  test('is recorded without symbolic links, as the kernel’s lists name it, and forgotten by either name', () => {
    const link = join(folder, 'link')
    symlinkSync(place, link)
    const journal = openJournal(journals, RUN, [join(link, 'not-there-yet')])
    const given: JournalEntry = { kind: 'loop', path: join(link, 'not-there-yet', RUN) }
    journal.record(given)
    expect(readJournal(journal.path)).toMatchObject({
      owner: { places: [{ path: join(place, 'not-there-yet'), at: place }] },
      open: [{ kind: 'loop', path: join(place, 'not-there-yet', RUN) }],
    })
    mkdirSync(join(place, 'not-there-yet'))
    journal.forget(given)
    expect(readJournal(journal.path).open).toEqual([])
    journal.close()
  })
})
