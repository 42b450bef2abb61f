/** A timer whose time passes only when a test lets it pass. */
import type { Timed, Timer } from '../measurement/clock.ts'

export interface ManualTimer extends Timer {
  /** Lets this many seconds pass. */
  pass(seconds: number): void
}

export function createManualTimer(): ManualTimer {
  let now = 0
  const pass = (seconds: number) => void (now += seconds)
  const since = <T>(began: number, result: T): Timed<T> => ({ result, seconds: now - began })
  return {
    pass,
    spin: pass,
    timed: (work) => since(now, work()),
    async timedAsync(work) {
      const began = now
      return since(began, await work())
    },
  }
}
