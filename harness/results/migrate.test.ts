/** Runs of older versions are read as runs of today. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fingerprintHash } from '../contracts/fingerprint-facts.ts'
import { RUN_SCHEMA_VERSION } from '../contracts/run.ts'
import { readRun, RUN_FILE } from './run-folder.ts'

/** A real run, kept as version 2 of the schema wrote it. */
const KEPT = join(import.meta.dirname, 'testing/run-schema-2')

test('a run of schema 2 is read: its configurations, their drivers, and the mechanisms of its samples', () => {
  const { run, samples } = readRun(KEPT)
  expect(run.schema).toBe(RUN_SCHEMA_VERSION)
  expect(new Set(run.options.configurations)).toEqual(new Set(run.cells.map((cell) => cell.configuration)))
  expect(new Set(run.cells.map((cell) => cell.driver))).toEqual(new Set(['bare', 'overlay2', 'vfs']))
  const driverOf = new Map(run.drivers.map(({ configuration, id }) => [configuration, id]))
  for (const cell of run.cells) expect(driverOf.get(cell.configuration)).toBe(cell.driver)
  const mechanisms = new Map(
    [...samples].map(({ cell, witness }) => [cell.split(' ')[0], witness?.mechanism]),
  )
  expect(mechanisms.get('overlay2@ext4')).toBe('copied-up')
  expect(mechanisms.get('overlay2@xfs')).toBe('cloned')
  expect(mechanisms.get('vfs@ext4')).toBe('none')
})

test('a run from before parts measures what version 1 measures, and its hash is that of its parts', () => {
  const { host } = readRun(KEPT).run
  expect(host.measuring).toBe(1)
  expect(host.hash).toBe(fingerprintHash(host))
})

test('a run that is older than the oldest schema is refused with the versions that can be read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-test-migrate-'))
  try {
    cpSync(KEPT, folder, { recursive: true })
    const run = JSON.parse(readFileSync(join(folder, RUN_FILE), 'utf8')) as object
    writeFileSync(join(folder, RUN_FILE), JSON.stringify({ ...run, schema: 1 }))
    expect(() => readRun(folder)).toThrow(/has schema 1; this program reads 2 to 3/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
