import { setTimeout as sleep } from 'node:timers/promises'

/** Result of one check: null, undefined and false mean not yet. */
type Found<T> = T | null | undefined | false

/** Both in milliseconds. */
export interface Pace {
  /** Between two looks. */
  every: number
  /** After which nothing more is expected. */
  within: number
}

/** Looks again and again until something is found, and returns it; null when there was nothing within the time. */
export async function eventually<T>(
  look: () => Found<T> | Promise<Found<T>>,
  { every, within }: Pace,
): Promise<T | null> {
  const deadline = performance.now() + within
  for (;;) {
    const found = await look()
    if (found !== null && found !== undefined && found !== false) return found
    if (performance.now() > deadline) return null
    await sleep(every)
  }
}

/** Like {@link eventually}, but throws `error` when the time is over. Without a time it waits forever. */
export async function until<T>(
  look: () => Found<T> | Promise<Found<T>>,
  pace: { every: number } | (Pace & { error: () => Error }),
): Promise<T> {
  const found = await eventually(look, { within: Infinity, ...pace })
  if (found === null) throw 'error' in pace ? pace.error() : new Error('forever has ended')
  return found
}
