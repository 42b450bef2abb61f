/** vitest reporter: writes how many tests passed, failed and were skipped to the file named by `BENCH_TEST_COUNTS`. */
import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

export const COUNTS_VARIABLE = 'BENCH_TEST_COUNTS'

export interface TestCounts {
  passed: number
  /** Failed tests, and every file, suite or loose promise that failed outside of a test. */
  failed: number
  skipped: number
}

/** Adds up a file's tests. A file or suite that fails as a whole leaves tests skipped that were to run: it counts itself. */
export function countModule(module: Pick<TestModule, 'children' | 'errors'>): TestCounts {
  const counts = { passed: 0, failed: module.errors().length, skipped: 0 }
  for (const suite of module.children.allSuites()) counts.failed += suite.errors().length
  for (const test of module.children.allTests()) {
    const { state } = test.result()
    // One that is still pending was cut off by the end of the run.
    if (state === 'pending') counts.failed += 1
    else counts[state] += 1
  }
  return counts
}

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const total: TestCounts = { passed: 0, failed: unhandled.length, skipped: 0 }
    for (const counts of modules.map(countModule)) {
      total.passed += counts.passed
      total.failed += counts.failed
      total.skipped += counts.skipped
    }
    const file = process.env[COUNTS_VARIABLE]
    if (file !== undefined) writeFileSync(file, JSON.stringify(total))
  }
}
