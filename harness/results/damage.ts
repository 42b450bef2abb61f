/** Unreadable samples of a run, as warnings of the run. */
import type { Warning } from '../contracts/warning.ts'

export interface Damage {
  /** Notes a line that is no sample. A line that was noted before is not counted again. */
  line(number: number, reason: string): void
  /** Notes that the last line has no end. */
  tornEnd(): void
}

/** Returns what keeps the warnings up to date: one for all damaged lines of `file`, and one for a torn end. */
export function createDamage(file: string, warnings: Warning[]): Damage {
  const lines = new Map<number, string>()
  return {
    line(number, reason) {
      if (lines.has(number)) return
      lines.set(number, reason)
      const [[first, why] = [number, reason]] = lines
      const rest = lines.size === 1 ? '' : `, and ${lines.size - 1} more`
      say(warnings, {
        code: 'results.damaged-line',
        message: `line ${first} of ${file} cannot be read and is left out (${why})${rest}`,
      })
    },
    tornEnd() {
      say(warnings, {
        code: 'results.torn-line',
        message: `the last line of ${file} has no end and is left out: the run was ended while it was written`,
      })
    },
  }
}

/** There is one warning of each code: a run that is read twice is not twice as damaged. */
function say(warnings: Warning[], warning: Warning): void {
  const known = warnings.find(({ code }) => code === warning.code)
  if (known === undefined) warnings.push(warning)
  else known.message = warning.message
}
