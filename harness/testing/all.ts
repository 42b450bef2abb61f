/**
 * `npm test`: every vitest test, in a mount namespace of its own, so that whatever a mount test does ends with it. Prints
 * what was skipped and why; the last line is `N passed, N failed`, with `, N skipped` when some were. Arguments are handed
 * to vitest, but for `--demand-all`: a test that is skipped although this machine could be made to run it is a failure.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inMountNamespace } from '../linux/privilege.ts'
import { COUNTS_VARIABLE, type TestCounts } from './count-reporter.ts'

const VITEST = ['node_modules/vitest/vitest.mjs', 'run']
const REPORTERS = ['--reporter=default', '--reporter=./harness/testing/count-reporter.ts']
const DEMAND_ALL = '--demand-all'

/** Wraps a command so that it has a mount namespace of its own, where the kernel lets us. */
function inOwnMounts(command: readonly string[]): readonly string[] {
  const [program, ...words] = inMountNamespace(['true'])
  return spawnSync(program, words, { stdio: 'ignore' }).status === 0 ? inMountNamespace(command) : command
}

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
  const [program = '', ...rest] = inOwnMounts([process.execPath, ...VITEST, ...REPORTERS, ...forVitest])
  try {
    const { status } = spawnSync(program, rest, {
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
