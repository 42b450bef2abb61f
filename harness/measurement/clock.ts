/** The timed section: between the two readings of the clock there is the work and nothing of ours. */

const NANOSECONDS = 1e9

export interface Timed<T> {
  result: T
  seconds: number
}

/** How phases are timed. Tests give one whose time is their own. */
export interface Timer {
  timed<T>(work: () => T): Timed<T>
  timedAsync<T>(work: () => Promise<T>): Promise<Timed<T>>
  /** Waits for this many seconds. */
  spin(seconds: number): void
}

/** Times synchronous work by the monotonic clock. What the work throws is thrown on. */
export function timed<T>(work: () => T): Timed<T> {
  const started = process.hrtime.bigint()
  const result = work()
  const ended = process.hrtime.bigint()
  return { result, seconds: Number(ended - started) / NANOSECONDS }
}

/** Waits on the clock itself: a timer of a millisecond's granularity would not do for microseconds. */
export function spin(seconds: number): void {
  const end = process.hrtime.bigint() + BigInt(Math.round(seconds * NANOSECONDS))
  while (process.hrtime.bigint() < end);
}

/** Times a promise as {@link timed} does: until its waiter continues. */
export async function timedAsync<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const started = process.hrtime.bigint()
  const result = await work()
  const ended = process.hrtime.bigint()
  return { result, seconds: Number(ended - started) / NANOSECONDS }
}

/** The monotonic clock. */
export const MONOTONIC: Timer = { timed, timedAsync, spin }
