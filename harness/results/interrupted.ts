import type { Run } from '../contracts/run.ts'

/** A run whose process was killed could not say so itself. */
export function markInterrupted(run: Run): void {
  run.state = 'interrupted'
  for (const [cell, outcome] of Object.entries(run.outcomes)) {
    if (outcome.state === 'pending') run.outcomes[cell] = { state: 'aborted' }
  }
}
