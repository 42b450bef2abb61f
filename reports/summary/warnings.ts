import type { Warning } from '../../harness/contracts/warning.ts'
import type { CountedWarning } from './types.ts'

/** Warnings of one code become one, with the first one's words and a count; most frequent first. */
export class WarningCounter {
  readonly #byCode = new Map<string, CountedWarning>()

  add(warning: Warning, of: CountedWarning['of'], count = 1): void {
    const known = this.#byCode.get(warning.code)
    if (known === undefined) this.#byCode.set(warning.code, { ...warning, of, count })
    else known.count += count
  }

  list(): CountedWarning[] {
    return [...this.#byCode.values()].sort((a, b) => b.count - a.count)
  }
}
