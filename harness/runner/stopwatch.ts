/** Accounts for the time of a trial outside of its phases. */
import type { Sample } from '../contracts/sample.ts'

/** Activities of a trial besides its phases. */
export type Untimed = keyof Sample['untimed']

export interface Stopwatch {
  /** By what was done; seconds. */
  readonly seconds: Partial<Record<Untimed, number>>
  /** Since it was made; seconds. */
  elapsed(): number
  /** Books the time of some work; what is booked within it is not booked twice. */
  book<T>(what: Untimed, work: () => Promise<T>): Promise<T>
}

export function startStopwatch(now: () => number = () => performance.now() / 1000): Stopwatch {
  const seconds: Partial<Record<Untimed, number>> = {}
  const began = now()
  let booked = 0
  return {
    seconds,
    elapsed: () => now() - began,
    async book(what, work) {
      const start = now()
      const before = booked
      try {
        return await work()
      } finally {
        const own = now() - start - (booked - before)
        seconds[what] = (seconds[what] ?? 0) + own
        booked += own
      }
    },
  }
}
