/**
 * `npm test`: every vitest test. Prints what was skipped and why; the last line is `N passed, N failed`, with
 * `, N skipped` when some were. Arguments are handed to vitest, but for `--demand-all`: a test that is skipped although this machine could be made to run it is a failure.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { COUNTS_VARIABLE, type TestCounts } from './count-reporter.ts'

const VITEST = ['node_modules/vitest/vitest.mjs', 'run']
const REPORTERS = ['--reporter=default', '--reporter=./harness/testing/count-reporter.ts']
const DEMAND_ALL = '--demand-all'

function readCounts(file: string): TestCounts {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TestCounts
  } catch {
    // vitest died before it could count.
    return { passed: 0, failed: 1, skipped: 0, unmet: 0 }
  }
}

function runAll(words: readonly string[]): number {
  const directory = mkdtempSync(path.join(tmpdir(), 'bench-test-'))
  const countsFile = path.join(directory, 'counts.json')
  const forVitest = words.filter((word) => word !== DEMAND_ALL)
  try {
    const { status } = spawnSync(process.execPath, [...VITEST, ...REPORTERS, ...forVitest], {
      stdio: 'inherit',
      env: { ...process.env, [COUNTS_VARIABLE]: countsFile },
    })
    const { passed, skipped, unmet, ...counts } = readCounts(countsFile)
    const failed = counts.failed + (words.includes(DEMAND_ALL) ? unmet : 0)
    process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)
    return status === 0 && failed > 0 ? 1 : (status ?? 1)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

process.exitCode = runAll(process.argv.slice(2))
