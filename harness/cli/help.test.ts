import { describe, expect, test } from 'vitest'
import { ExitCode } from '../contracts/error.ts'
import { bench, makePlace, treeOf } from './testing/bench.ts'

async function run(...args: readonly string[]) {
  using place = makePlace()
  const ended = await bench(place, ...args)
  return { ...ended, made: treeOf(place.state) }
}

const COMMANDS = [
  'run',
  'plan',
  'list',
  'list drivers',
  'list scenarios',
  'doctor',
  'calibrate',
  'report',
  'compare',
  'clean',
  'host',
  'host provision',
  'lab',
  'lab prune',
]

describe('help', () => {
  test.each(['', ...COMMANDS])('of bench %s', async (command) => {
    const { code, stdout, stderr } = await run(...command.split(' ').filter(Boolean), '--help')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`Usage: bench${command === '' ? '' : ` ${command}`}`)
  })

  test('names every command', async () => {
    const { stdout } = await run('--help')
    for (const command of COMMANDS) expect(stdout).toContain(`\n  ${command.split(' ')[0]}`)
  })

  test('has the one list of exit codes', async () => {
    const { stdout } = await run('--help')
    const list = /Exit codes:([^]*)$/.exec(stdout)?.[1] ?? ''
    const listed = [...list.matchAll(/(?:^|,)\s+(\d+) /g)].map(([, code]) => Number(code))
    expect(listed).toEqual(Object.values(ExitCode))
    expect(list).toContain('128+n')
  })

  test('--version prints the version', async () => {
    const { code, stdout } = await run('--version')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('--json', () => {
  test.each([
    ['list scenarios --json', 'id'],
    ['plan --driver all --scenario all --json', 'cells'],
  ])('bench %s prints JSON and nothing else', async (command) => {
    const { code, stdout, stderr, made } = await run(...command.split(' '))
    expect({ code, stderr, made }).toEqual({ code: 0, stderr: '', made: [] })
    expect(() => JSON.parse(stdout)).not.toThrow()
  })

  test('bench doctor prints its checks', async () => {
    const { code, stdout } = await run('doctor', '--json')
    expect([ExitCode.done, ExitCode.hostNotReady]).toContain(code)
    expect((JSON.parse(stdout) as { checks: unknown[] }).checks.length).toBeGreaterThan(5)
  })
})

test('a reader that has had enough is no error', async () => {
  using place = makePlace()
  const { spawnSync } = await import('node:child_process')
  const program = new URL('../../dist/harness/main.js', import.meta.url).pathname
  const script = `set -o pipefail; "$0" "$1" plan --driver all --scenario all --profile thorough | head -n 1`
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, program], {
    encoding: 'utf8',
    env: { ...process.env, XDG_STATE_HOME: place.state },
  })
  expect(stderr).toBe('')
  expect(stdout).toMatch(/^\d+ cells/)
  expect(status).toBe(0)
})
