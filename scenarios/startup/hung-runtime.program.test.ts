/** A runtime that hangs: it is killed with all that it has started, its trial fails, and nothing of it is left. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pipe } from '../../harness/host/commands.ts'
import { hasEnded } from '../../harness/linux/process.ts'
import { until } from '../../harness/linux/until.ts'
import { createFakeHost } from '../../harness/testing/fake-host.ts'
import { createFakeTrial } from '../testing/fake-trial.ts'
import { run, startup } from './index.ts'
import type { StartupParams } from './params.ts'

const LIMIT_SECONDS = 0.5
const { PATH } = process.env
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hung-runtime-'))
  process.env['PATH'] = `${folder}:${PATH ?? ''}`
})
afterEach(() => {
  process.env['PATH'] = PATH
  rmSync(folder, { recursive: true })
})

/** Puts a crun into PATH that keeps the ids of what it starts. `$3`, the verb, is at `$verb`. */
function putRuntime(script: string): void {
  const text = `#!/bin/sh\nverb=$3\nkeep() { echo $1 >> ${folder}/pids; }\nkeep $$\n${script}\n`
  writeFileSync(join(folder, 'crun'), text, { mode: 0o755 })
}

function trialOf(concurrency: number) {
  const host = { ...createFakeHost({ syscalls: { reap: () => null } }), pipe }
  const params = startup.params.parse({ runtime: 'crun', concurrency: String(concurrency) })
  const image = () => undefined
  return { host, trial: createFakeTrial<StartupParams>({ params, image, host }) }
}

const HUNG: readonly [string, string, number, string][] = [
  ['in create', 'sleep 1000 & keep $!; wait', 1, 'crun create'],
  [
    'in create, ignoring signals',
    "trap '' TERM INT HUP; while :; do sleep 1000 & keep $!; wait; done",
    1,
    'crun create',
  ],
  ['in start', '[ $verb = start ] || exit 0; sleep 1000 & keep $!; wait', 1, 'crun start'],
  // Its child has become another's, and has its pipes.
  [
    'after create, without a word',
    '[ $verb = create ] && { sleep 1000 & keep $!; }; exit 0',
    1,
    'crun create',
  ],
  ['in create, several at once', 'sleep 1000 & keep $!; wait', 4, 'crun create'],
]

test.each(HUNG)('a runtime that hangs %s', async (_, script, concurrency, what) => {
  putRuntime(script)
  const { host, trial } = trialOf(concurrency)
  await expect(run(trial, LIMIT_SECONDS)).rejects.toMatchObject({
    message: `${what} did not end within ${LIMIT_SECONDS} s and was killed`,
    code: 'scenario.runtime-hung',
    exitCode: 5,
  })
  const pids = readFileSync(join(folder, 'pids'), 'utf8').trim().split('\n').map(Number)
  await until(() => pids.every((pid) => hasEnded(pid)), {
    every: 5,
    within: 5000,
    error: () => new Error('left'),
  })
  expect(host.calls.filter((line) => line.startsWith('journal record'))).toHaveLength(concurrency)
})

test('what a runtime that hangs did not delete stays in the journal', async () => {
  putRuntime('sleep 1000')
  const { host, trial } = trialOf(1)
  await expect(run(trial, LIMIT_SECONDS)).rejects.toThrow('did not end')
  expect(host.calls.filter((line) => line.startsWith('journal forget'))).toEqual([])
})
