import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHost } from '../host/index.ts'
import { openJournal } from '../journal/journal.ts'
import { smallRun } from '../testing/small-run.ts'
import { watch } from './watch.ts'

let folder: string

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'bench-test-watch-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Says that it measures a cell, then nothing more. */
const HANGS = `
process.send({ type: 'ready' })
process.on('message', () => process.send({ type: 'trial', cell: 'the cell', round: 0, rounds: 1, done: 1, total: 1 }))
`

test('a measuring process that hangs is ended, and the run says at what', async () => {
  const program = join(folder, 'hangs.mjs')
  writeFileSync(program, HANGS)
  const journal = openJournal(folder, 'run')
  const result = await watch({
    program: [program],
    job: { request: {}, runId: 'run', runFolder: folder, directory: folder, journalDirectory: folder },
    run: smallRun(),
    journalPath: journal.path,
    host: createHost(journal),
    silenceMilliseconds: 2000,
    onMessage: () => undefined,
    onSignal: () => () => undefined,
  })
  journal.close()
  expect(result.error).toMatchObject({ code: 'runner.silent' })
  expect(result.error?.message).toContain('at the cell')
  expect(result.run.state).toBe('failed')
})
