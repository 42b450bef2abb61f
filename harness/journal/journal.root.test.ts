import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { JournalEntry } from '../contracts/host.ts'
import { benchErrorOf } from '../testing/errors.ts'
import { diskFolder, isRoot, testHost } from '../testing/scratch-file.ts'
import { openJournal } from './journal.ts'
import { readJournal } from './read-journal.ts'

const RUN = '20260131-142501-k3x9'

describe.skipIf(!isRoot)('a disk that is full for a moment', () => {
  test('tears no entry that was recorded, and the one that failed was not', () => {
    using disk = diskFolder()
    const path = join(disk.path, 'full')
    const place = join(disk.path, 'place')
    const file = (name: string): JournalEntry => ({ kind: 'file', path: join(place, RUN, name) })
    for (const folder of [path, place]) mkdirSync(folder)
    const { syscalls } = testHost()
    syscalls.mount('tmpfs', path, 'tmpfs', 0, 'size=8k,mode=700')
    try {
      const journal = openJournal(path, RUN, [place])
      writeFileSync(join(path, 'other'), 'x')
      let recorded = 0
      const error = benchErrorOf(() => {
        for (; recorded < 1000; recorded += 1) journal.record(file(String(recorded)))
      })
      expect(error).toMatchObject({ code: 'journal.write', exitCode: 4 })
      rmSync(join(path, 'other'))
      journal.record(file('later'))
      journal.close()
      const { open: entries, damaged, torn } = readJournal(journal.path)
      expect({ entries: entries.length, damaged, torn }).toEqual({
        entries: recorded + 1,
        damaged: [],
        torn: false,
      })
      expect(entries.at(-1)).toEqual(file('later'))
    } finally {
      syscalls.umount(path)
    }
    expect(existsSync(path)).toBe(true)
  })
})
