/** What only a process shows of a command line: its exit code, its streams. All else is tried in the tests' own process. */
import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { ExitCode } from '../contracts/error.ts'
import { bench, makePlace, PROGRAM, surroundings } from './testing/bench.ts'
import { expectRefusal, named, type Refusal } from './testing/refusal.ts'
import { runFolder } from './testing/run-folder.ts'

const REFUSALS: readonly Refusal[] = [
  ['no command', () => [], /a command is missing/],
  ['an unknown flag', 'run --driver overlay2 --scenario bigfile --round 3', /unknown option '--round'/],
  [
    'an unknown driver',
    'run --driver overlya2 --scenario all',
    /no driver overlya2: did you mean overlay2\?/,
  ],
  ['a folder that is no run', 'report /var', /not a run folder/],
  ['a machine that is not there', 'lab ssh nobody', /there is no machine nobody: bench lab up starts one/],
]

describe('a process refuses', () => {
  test.each(named(REFUSALS))('%s', (_, refusal) => expectRefusal(refusal, bench))
})

test.each([
  [
    'open files while the program is loaded',
    '-n 24',
    ['list', 'scenarios'],
    /program cannot be loaded: EMFILE.*: ulimit -n$/m,
  ],
  ['the size of a file', '-f 0', ['report', 'RUN'], /report\.html cannot be written: EFBIG/],
])('a limit of %s is one line, and exit code 4 or 2', (_, limit, words, says) => {
  using place = makePlace()
  const run = runFolder(place, 1, 0.01)
  const args = words.map((word) => (word === 'RUN' ? run : word))
  const script = ['-c', `ulimit ${limit}; exec "$0" "$@"`, process.execPath, PROGRAM, ...args]
  const { status, stdout, stderr } = spawnSync('sh', script, {
    encoding: 'utf8',
    env: { ...process.env, ...surroundings(place) },
  })
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^bench: [^\n]+\n$/)
  expect(stderr).toMatch(says)
  expect([ExitCode.usage, ExitCode.hostNotReady]).toContain(status)
})

test('--help and --version print, and end well', async () => {
  using place = makePlace()
  const help = await bench(place, 'run', '--help')
  expect(help).toMatchObject({ code: 0, signal: null, stderr: '' })
  expect(help.stdout).toContain('Usage: bench run')
  const version = await bench(place, '--version')
  expect(version.code).toBe(0)
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('bench doctor prints its checks', async () => {
  using place = makePlace()
  const { code, stdout } = await bench(place, 'doctor', '--json')
  expect([ExitCode.done, ExitCode.hostNotReady]).toContain(code)
  expect((JSON.parse(stdout) as { checks: unknown[] }).checks.length).toBeGreaterThan(5)
})

test('a reader that has had enough is no error', () => {
  using place = makePlace()
  const script = `set -o pipefail; "$0" "$1" plan --driver all --scenario all --profile thorough | head -n 1`
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, PROGRAM], {
    encoding: 'utf8',
    env: { ...process.env, XDG_STATE_HOME: place.state },
  })
  expect(stderr).toBe('')
  expect(stdout).toMatch(/^\d+ cells/)
  expect(status).toBe(0)
})
