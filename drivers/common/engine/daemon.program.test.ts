import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import type { Host, JournalEntry } from '../../../harness/contracts/host.ts'
import { testHost } from '../../../harness/testing/scratch-file.ts'
import { startEngine } from './daemon.ts'

let folder: string
let recorded: JournalEntry[]
let host: Host
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-engine-'))
  recorded = []
  const journal = {
    record: (entry: JournalEntry) => void recorded.push(entry),
    forget: (entry: JournalEntry) => void recorded.splice(recorded.indexOf(entry), 1),
  }
  host = { ...testHost(), journal }
  return () => rmSync(folder, { recursive: true })
})

const start = (script: string) => {
  const socket = join(folder, 'socket')
  return startEngine(host, { program: process.execPath, args: ['-e', script, socket], socket })
}

const LISTENS = `require('node:net').createServer().listen(process.argv[1])`

test('a daemon is in the journal from its start to its end', async () => {
  const daemon = await start(LISTENS)
  expect(recorded).toMatchObject([{ kind: 'process', pid: daemon.pid }])
  expect(daemon.failure()).toBeUndefined()
  await daemon[Symbol.asyncDispose]()
  await daemon[Symbol.asyncDispose]()
  expect(recorded).toEqual([])
  expect(daemon.failure()).toBeUndefined()
})

test('a daemon that does not start is answered with its last lines', async () => {
  const script = `console.error('reading the configuration'); console.error('level=fatal: no such plugin'); process.exit(1)`
  await expect(start(script)).rejects.toMatchObject({
    code: 'driver.no-daemon',
    message: expect.stringMatching(
      /did not start: reading the configuration \/ level=fatal: no such plugin$/,
    ),
  })
  expect(recorded).toEqual([])
})

test('a daemon that dies later is a failure, with its last lines', async () => {
  await using daemon = await start(
    `process.on('SIGHUP', () => { console.error('panic'); process.exit(2) }); ${LISTENS}`,
  )
  process.kill(daemon.pid, 'SIGHUP')
  await vi.waitFor(() => expect(daemon.failure()?.message).toMatch(/ended while it was needed: panic$/))
})
