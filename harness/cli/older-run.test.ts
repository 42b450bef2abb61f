/** A run of an older version stays what it is: its samples are read by the version that run.json says. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makePlace } from './testing/bench.ts'
import { benchHere } from './testing/here.ts'

const KEPT = join(import.meta.dirname, '../results/testing/run-schema-2')

test('the report of a run that was killed leaves its run.json in its schema, and can be drawn again', async () => {
  using place = makePlace()
  const folder = join(place.path, 'run')
  cpSync(KEPT, folder, { recursive: true })
  const path = join(folder, 'run.json')
  const killed = { ...(JSON.parse(readFileSync(path, 'utf8')) as object), state: 'running', endedAt: null }
  writeFileSync(path, JSON.stringify(killed))
  const reports = [await benchHere(place, 'report', folder), await benchHere(place, 'report', folder)]
  expect(reports.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
    reports.map(() => ({ code: 0, stderr: '' })),
  )
  expect(reports[1]?.stdout).toBe(reports[0]?.stdout)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ schema: 2, state: 'running' })
})
