/** How long a run may still take, from what each cell took so far and how many rounds it seems to need. */
import type { Converging } from './convergence.ts'

export interface Pace<C extends Converging> {
  /** Adds the seconds of a trial, from its first to its last step. */
  took(cell: C, seconds: number): void
  /**
   * Returns the time left after this many trials of each cell; null before every cell that goes on was measured once.
   * `target`: rounds that a cell will take in all.
   */
  left(going: readonly C[], target: (cell: C) => number): Left | null
}

export interface Left {
  trials: number
  seconds: number
}

export function keepPace<C extends Converging>(): Pace<C> {
  const spent = new Map<string, { trials: number; seconds: number }>()
  return {
    took({ cell }, seconds) {
      const before = spent.get(cell.id) ?? { trials: 0, seconds: 0 }
      spent.set(cell.id, { trials: before.trials + 1, seconds: before.seconds + seconds })
    },
    left(going, target) {
      const left = { trials: 0, seconds: 0 }
      for (const one of going) {
        const cell = spent.get(one.cell.id)
        if (cell === undefined) return null
        const trials = Math.max(0, target(one) - cell.trials)
        left.trials += trials
        left.seconds += (trials * cell.seconds) / cell.trials
      }
      return left
    },
  }
}
