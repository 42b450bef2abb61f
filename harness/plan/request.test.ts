import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { benchErrorOf } from '../testing/errors.ts'
import { durationOf, integerOf, mergeRequests, parseSets, readPlanFile, sizeOf, wordOf } from './request.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-test-request-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function read(yaml: string) {
  const path = join(folder, 'plan.yaml')
  writeFileSync(path, yaml)
  return readPlanFile(path)
}

describe('plan files', () => {
  test('hold the options of the command line, numbers and lists as YAML has them', () => {
    const yaml = `
driver: [overlay2, btrfs]
scenario: bigfile
rounds: 5
budget: 10m
scratch-size: 8G
set:
  size: [1M, 16M]
  depth: 7
  touch: byte,append
`
    expect(read(yaml)).toEqual({
      driver: ['overlay2', 'btrfs'],
      scenario: ['bigfile'],
      rounds: '5',
      budget: '10m',
      'scratch-size': '8G',
      set: { size: ['1M', '16M'], depth: ['7'], touch: ['byte', 'append'] },
    })
  })

  test.each([
    ['a list', '- driver', 'contains no options'],
    ['nothing', '', 'contains no options'],
    ['a word', 'overlay2', 'contains no options'],
    ['not YAML', 'driver: [', 'plan.yaml:'],
    ['an unknown key', 'drivers: all', 'there is no option drivers'],
    ['a map for a list', 'driver: { a: b }', 'driver:'],
    ['a list for a word', 'seed: [1]', 'seed:'],
    ['a map for values', 'set: { size: { a: 1 } }', 'set.size:'],
  ])('%s is refused in one line that says where', (_, yaml, message) => {
    const error = benchErrorOf(() => read(yaml))
    expect(error).toMatchObject({ code: 'usage.plan-file', exitCode: 2 })
    expect(error.message).toContain(message)
    expect(error.message).not.toContain('\n')
  })

  test.each([
    ['no', 'off'],
    ['false', 'off'],
    ['off', 'off'],
    ['yes', 'on'],
    ['true', 'on'],
  ])('take controls: %s as YAML means it', (given, meant) => {
    expect(read(`controls: ${given}`)).toEqual({ controls: meant })
  })

  test('take lists of values with spaces after their commas', () => {
    expect(read('set: { size: "1M, 2M", depth: "1, 2" }').set).toEqual({
      size: ['1M', '2M'],
      depth: ['1', '2'],
    })
    expect(parseSets(['depth=1, 2'])).toEqual({ depth: ['1', '2'] })
  })

  test('may share maps by <<, and keep them under keys that begin with x-', () => {
    const yaml = `
x-usual: &usual { size: 1M, depth: 7 }
driver: bare
set:
  <<: *usual
  depth: 8
`
    expect(read(yaml)).toEqual({ driver: ['bare'], set: { size: ['1M'], depth: ['8'] } })
  })

  test.each([
    ['set:', /: set: is not a map: write KEY: VALUE lines below it$/],
    ['set: [1]', /: set: is not a map: write KEY: VALUE lines below it$/],
    ['set: { size: { a: 1 } }', /: set\.size: is neither a value nor a list of values$/],
    ['cache: true', /: cache: is not a word$/],
    ['seed: true', /: seed: is neither a word nor a number$/],
    ['controls: 7', /: controls: is neither on nor off$/],
    ['driver: a\ndriver: b', /: Map keys must be unique at line 2, column 1$/],
    ['driver: a\n---\ndriver: b', /: contains several documents$/],
  ])('say in plain words what is wrong with %j', (yaml, message) => {
    expect(benchErrorOf(() => read(yaml)).message).toMatch(message)
  })

  test('keep every digit of a number', () => {
    expect(read('seed: 12345678901234567890')).toEqual({ seed: '12345678901234567890' })
  })

  test('an unknown key is refused with the nearest known one', () => {
    expect(benchErrorOf(() => read('drivers: all')).hint).toContain('did you mean driver?')
  })

  test('one that is not there is refused', () => {
    expect(benchErrorOf(() => readPlanFile(join(folder, 'none.yaml'))).message).toContain('ENOENT')
  })
})

describe('flags over a plan file', () => {
  test('a flag takes the place of the same key, and leaves the others', () => {
    const file = { driver: ['overlay2'], rounds: '5', seed: '2' }
    expect(mergeRequests(file, { rounds: '9' })).toEqual({ driver: ['overlay2'], rounds: '9', seed: '2' })
  })

  test('set is merged key by key', () => {
    const merged = mergeRequests({ set: { size: ['1M'], depth: ['7'] } }, { set: { size: ['2M', '4M'] } })
    expect(merged.set).toEqual({ size: ['2M', '4M'], depth: ['7'] })
  })

  test('without any set there is none', () => {
    expect(mergeRequests({}, {})).not.toHaveProperty('set')
  })
})

describe('--set', () => {
  test('keys with lists of values; a key given twice takes both', () => {
    expect(parseSets(['size=1M,16M', 'depth=7', 'size=4G'])).toEqual({
      size: ['1M', '16M', '4G'],
      depth: ['7'],
    })
  })

  test('a value may hold an equals sign', () => {
    expect(parseSets(['a=b=c'])).toEqual({ a: ['b=c'] })
  })

  test.each(['size', '=1M', 'size=', ''])('"%s" is refused', (text) => {
    expect(benchErrorOf(() => parseSets([text])).exitCode).toBe(2)
  })

  test('no name is lost, not even one that objects have already', () => {
    expect(Object.keys(parseSets(['__proto__=1', 'constructor=2']))).toEqual(['__proto__', 'constructor'])
  })
})

describe('values of flags', () => {
  test.each([
    () => sizeOf('--x', 'big'),
    () => sizeOf('--x', '0'),
    () => durationOf('--x', '10'),
    () => durationOf('--x', '0s'),
    () => integerOf('--x', '1.5', 0, 9),
    () => integerOf('--x', '10', 0, 9),
    () => integerOf('--x', '-1', 0, 9),
    () => integerOf('--x', '', 0, 9),
    () => wordOf('--x', 'wram', ['cold', 'warm']),
  ])('%s is refused and names the flag', (work) => {
    const error = benchErrorOf(work)
    expect(error.exitCode).toBe(2)
    expect(error.message).toMatch(/^--x /)
  })

  test('right ones are taken', () => {
    expect(sizeOf('--x', '8G')).toBe(8 * 1024 ** 3)
    expect(durationOf('--x', '10m')).toBe(600)
    expect(integerOf('--x', '9', 0, 9)).toBe(9)
    expect(wordOf('--x', 'warm', ['cold', 'warm'])).toBe('warm')
  })
})
