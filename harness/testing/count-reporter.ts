/**
 * vitest reporter: prints which tests were skipped and why, and writes how many passed, failed and were skipped to the
 * file named by `BENCH_TEST_COUNTS`.
 */
import { writeFileSync } from 'node:fs'
import type { Reporter, TestCase, TestModule } from 'vitest/node'
import { needOf } from './needs.ts'

export const COUNTS_VARIABLE = 'BENCH_TEST_COUNTS'

export interface TestCounts {
  passed: number
  /** Failed tests, and every file, suite or loose promise that failed outside of a test. */
  failed: number
  skipped: number
  /** Skipped tests without a reason of their own: their file needs something that is missing here. */
  unmet: number
}

/** Adds up a file's tests. A file or suite that fails as a whole leaves tests skipped that were to run: it counts itself. */
export function countModule(module: Pick<TestModule, 'children' | 'errors'>): TestCounts {
  const counts = { passed: 0, failed: module.errors().length, skipped: 0, unmet: 0 }
  for (const suite of module.children.allSuites()) counts.failed += suite.errors().length
  for (const test of module.children.allTests()) {
    const { state } = test.result()
    // One that is still pending was cut off by the end of the run.
    if (state === 'pending') counts.failed += 1
    else counts[state] += 1
    if (state === 'skipped' && reasonOf(test) === undefined) counts.unmet += 1
  }
  return counts
}

/** Returns lines that say what was skipped, by its reason: a test's own note, or what the name of its file says. */
export function skippedLines(modules: readonly TestModule[]): string[] {
  const byReason = new Map<string, string[]>()
  for (const module of modules) {
    for (const test of module.children.allTests('skipped')) {
      const reason = reasonOf(test) ?? needOf(module.moduleId) ?? 'says no reason'
      byReason.set(reason, [...(byReason.get(reason) ?? []), module.relativeModuleId])
    }
  }
  return [...byReason].flatMap(([reason, files]) => [
    `${files.length} skipped: ${reason}`,
    ...[...new Set(files)].map((file) => `  ${file}`),
  ])
}

function reasonOf(test: TestCase): string | undefined {
  const result = test.result()
  return result.state === 'skipped' ? result.note : undefined
}

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const total: TestCounts = { passed: 0, failed: unhandled.length, skipped: 0, unmet: 0 }
    for (const counts of modules.map(countModule)) {
      total.passed += counts.passed
      total.failed += counts.failed
      total.skipped += counts.skipped
      total.unmet += counts.unmet
    }
    for (const line of skippedLines(modules)) process.stdout.write(`${line}\n`)
    const file = process.env[COUNTS_VARIABLE]
    if (file !== undefined) writeFileSync(file, JSON.stringify(total))
  }
}
