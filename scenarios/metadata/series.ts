/** Calls that are too short to be told once: tinybench repeats each, and every value is kept in order. */
import { Bench } from 'tinybench'

const NANOSECONDS = 1e9
const MILLISECOND = 1e-3

/** Operation to repeat. Synchronous; an error ends the whole measurement. */
export interface RepeatedCall {
  name: string
  /** Timed. */
  call(): void
  /** Untimed, around every single call. */
  before?(): void
  after?(): void
}

export interface Repetition {
  /** Number of values per operation. By count and not by time, so that every driver does the same work. */
  times: number
  /** Calls of each before any is timed. */
  warmUp: number
  /** Nanoseconds. */
  clock?: () => bigint
}

/**
 * Seconds of every call in the order of measurement, by name; one call after the other, as they are listed.
 *
 * tinybench sorts the samples that it keeps. It hands each difference of two readings of the clock to `toMs` once, after
 * the second reading and so outside of what is timed: there they are taken down.
 */
export function repeatInOrder(
  calls: readonly RepeatedCall[],
  { times, warmUp, clock = () => process.hrtime.bigint() }: Repetition,
): Map<string, number[]> {
  const series = new Map<string, number[]>(calls.map(({ name }) => [name, []]))
  let taken: number[] = []
  const bench = new Bench({
    iterations: times,
    time: 0,
    warmup: warmUp > 0,
    warmupIterations: warmUp,
    warmupTime: 0,
    throws: true,
    timestampProvider: {
      name: 'hrtime, kept in order',
      fn: clock,
      toMs(difference) {
        const seconds = Number(difference) / NANOSECONDS
        taken.push(seconds)
        return seconds / MILLISECOND
      },
      fromMs: (milliseconds) => BigInt(Math.round(milliseconds * MILLISECOND * NANOSECONDS)),
    },
  })
  for (const { name, call, before, after } of calls) {
    bench.add(name, call, {
      // Otherwise it is called once more, to see whether it returns a promise: a first touch would be gone.
      async: false,
      beforeAll(mode) {
        taken = mode === 'run' ? (series.get(name) ?? []) : []
      },
      ...(before === undefined ? {} : { beforeEach: before }),
      ...(after === undefined ? {} : { afterEach: after }),
    })
  }
  bench.runSync()
  return series
}
