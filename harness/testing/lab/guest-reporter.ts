/** vitest reporter in a guest: a line of JSON for each test as it ends, and one when all have. See {@link GuestLine}. */
import type { Reporter, TestCase, TestModule } from 'vitest/node'

export interface GuestTest {
  /** `file > suite > test`. */
  name: string
  state: 'passed' | 'failed' | 'skipped' | 'pending'
  seconds: number
  /** Error of a failed test, as vitest would print it. */
  errors: string[]
}

/** Messages of the guest on standard output. The second kind is the last one, and says that nothing is missing. */
export type GuestLine = { test: GuestTest } | { end: number }

export default class GuestReporter implements Reporter {
  #count = 0

  onTestCaseResult(test: TestCase): void {
    const { state, errors = [] } = test.result()
    const name = `${test.module.relativeModuleId} > ${test.fullName}`
    this.#tell({ name, state, seconds: (test.diagnostic()?.duration ?? 0) / 1000, errors: errors.map(text) })
  }

  /** Reports a failure outside of a test as a failed test of its own. */
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const failed = (name: string, errors: readonly unknown[]) => {
      if (errors.length > 0) this.#tell({ name, state: 'failed', seconds: 0, errors: errors.map(text) })
    }
    for (const module of modules) {
      failed(module.relativeModuleId, module.errors())
      for (const suite of module.children.allSuites()) {
        failed(`${module.relativeModuleId} > ${suite.fullName}`, suite.errors())
      }
    }
    failed('unhandled', unhandled)
    write({ end: this.#count })
  }

  #tell(test: GuestTest): void {
    this.#count += 1
    write({ test })
  }
}

function write(line: GuestLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

function text(error: unknown): string {
  const { stack, message, diff } = error as { stack?: string; message?: string; diff?: string }
  return [stack ?? message ?? String(error), ...(diff === undefined ? [] : [diff])].join('\n')
}
