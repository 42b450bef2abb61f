/**
 * `npm test`: every vitest test, in a mount namespace of its own, so that whatever a mount test does ends with it.
 * Arguments are handed to vitest. The last line is `N passed, N failed`, with `, N skipped` when some were.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inMountNamespace } from '../linux/privilege.ts'
import { COUNTS_VARIABLE, type TestCounts } from './count-reporter.ts'

const VITEST = ['node_modules/vitest/vitest.mjs', 'run']
const REPORTERS = ['--reporter=default', '--reporter=./harness/testing/count-reporter.ts']

/** Tells whether the kernel lets us have a mount namespace. */
function hasNamespaces(): boolean {
  const [program, ...args] = inMountNamespace(['true'])
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0
}

function readCounts(file: string): TestCounts {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TestCounts
  } catch {
    // vitest died before it could count.
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

function runAll(filters: readonly string[]): number {
  const directory = mkdtempSync(path.join(tmpdir(), 'bench-test-'))
  const countsFile = path.join(directory, 'counts.json')
  const command = [process.execPath, ...VITEST, ...REPORTERS, ...filters]
  const [program = '', ...words] = hasNamespaces() ? inMountNamespace(command) : command
  try {
    const { status } = spawnSync(program, words, {
      stdio: 'inherit',
      env: { ...process.env, [COUNTS_VARIABLE]: countsFile },
    })
    const { passed, failed, skipped } = readCounts(countsFile)
    process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)
    return status === 0 && failed > 0 ? 1 : (status ?? 1)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

process.exitCode = runAll(process.argv.slice(2))
