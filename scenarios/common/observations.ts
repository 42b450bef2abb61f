/** What `run` saw and `verify` needs, kept by trial and gone with it. */
import { contradiction } from './witness.ts'

export interface Observations<T> {
  keep(trial: object, seen: T): void
  /** Throws when the trial was not run. */
  of(trial: object): T
}

export function createObservations<T>(): Observations<T> {
  const byTrial = new WeakMap<object, T>()
  return {
    keep(trial, seen) {
      byTrial.set(trial, seen)
    },
    of(trial) {
      const seen = byTrial.get(trial)
      if (seen === undefined) throw contradiction('not-run', 'the trial is to be verified, but was not run')
      return seen
    },
  }
}
