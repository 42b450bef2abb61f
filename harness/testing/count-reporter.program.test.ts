import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { COUNTS_VARIABLE, type TestCounts } from './count-reporter.ts'

const REPOSITORY = path.resolve(import.meta.dirname, '../..')

let directory: string
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'bench-test-counts-'))
  symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(directory, 'node_modules'))
})
afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
})

interface Reported {
  counts: TestCounts
  stdout: string
}

const countsOf = (source: string) => report(source).counts

function report(source: string, name = 'planted.test.ts'): Reported {
  const counts = path.join(directory, 'counts.json')
  writeFileSync(path.join(directory, name), `import { beforeAll, describe, test } from 'vitest'\n${source}`)
  const reporter = path.join(REPOSITORY, 'harness/testing/count-reporter.ts')
  const vitest = path.join(REPOSITORY, 'node_modules/vitest/vitest.mjs')
  const { stdout } = spawnSync(
    process.execPath,
    [vitest, 'run', '--root', directory, '--dir', directory, `--reporter=${reporter}`],
    {
      env: { ...process.env, [COUNTS_VARIABLE]: counts },
      encoding: 'utf8',
    },
  )
  return { counts: JSON.parse(readFileSync(counts, 'utf8')) as TestCounts, stdout }
}

test('counts passed, failed and skipped tests', () => {
  const source = `
    test('one', () => {})
    describe('in a suite', () => {
      test('two', () => { throw new Error('planted') })
      test.skip('three', () => {})
      test('four', (context) => context.skip('this kernel has no such thing'))
    })`
  expect(countsOf(source)).toEqual({ passed: 1, failed: 1, skipped: 2, unmet: 1 })
})

test('says what was skipped and why: by the test itself, or by the name of its file', () => {
  const source = `
    test.skip('one', () => {})
    test.skip('two', () => {})
    test('three', (context) => context.skip('this kernel has no such thing'))`
  expect(report(source, 'planted.root.test.ts').stdout.trim().split('\n')).toEqual([
    '2 skipped: needs root: it mounts, attaches loop devices or makes device nodes',
    '  planted.root.test.ts',
    '1 skipped: this kernel has no such thing',
    '  planted.root.test.ts',
  ])
  expect(report(`test.skip('one', () => {})`).stdout).toMatch(/^1 skipped: says no reason$/m)
})

test('a file that cannot be read is a failure', () => {
  expect(countsOf(`throw new Error('planted')`)).toEqual({ passed: 0, failed: 1, skipped: 0, unmet: 0 })
})

test('a suite whose preparation fails is a failure beside its skipped tests', () => {
  const source = `
    describe('in a suite', () => {
      beforeAll(() => { throw new Error('planted') })
      test('one', () => {})
    })`
  expect(countsOf(source)).toEqual({ passed: 0, failed: 1, skipped: 1, unmet: 1 })
})

test('a rejection that nothing waits for is a failure', () => {
  const source = `test('one', () => { setTimeout(() => { throw new Error('planted') }); return new Promise((r) => setTimeout(r, 50)) })`
  expect(countsOf(source)).toEqual({ passed: 1, failed: 1, skipped: 0, unmet: 0 })
})
