import { describe, expect, test } from 'vitest'
import { ExitCode } from '../contracts/error.ts'
import { makePlace, treeOf } from './testing/bench.ts'
import { benchHere } from './testing/here.ts'

async function run(...args: readonly string[]) {
  using place = makePlace()
  const ended = await benchHere(place, ...args)
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
  'accept',
  'bisect',
  'history',
  'export',
  'claims',
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
})
