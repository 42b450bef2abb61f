import { setTimeout as sleep } from 'node:timers/promises'
import { isOfTheLink } from './remote-job.ts'

export interface Patience {
  /** Seconds since the last word of the host after which it is given up. */
  seconds: number
  /** Called before each further try. */
  onLost(error: unknown): Promise<void>
  /** Ends the waiting. */
  signal: AbortSignal
}

/** Clock in seconds; tests use their own. */
export interface Clock {
  now(): number
  sleep(seconds: number, signal: AbortSignal): Promise<void>
}

const CLOCK: Clock = {
  now: () => performance.now() / 1000,
  sleep: (seconds, signal) => sleep(seconds * 1000, undefined, { signal }),
}

const FIRST_WAIT = 1
const LONGEST_WAIT = 10

/**
 * Tries again while a link is lost, at growing intervals. `work` calls what it is given whenever it hears of the host:
 * patience then starts again. Throws what `work` threw last, or at once any error that is not about the link.
 */
export async function patiently<T>(
  work: (heard: () => void) => Promise<T>,
  { seconds, onLost, signal }: Patience,
  clock: Clock = CLOCK,
): Promise<T> {
  let lastHeard = clock.now()
  let wait = FIRST_WAIT
  const heard = () => {
    lastHeard = clock.now()
    wait = FIRST_WAIT
  }
  for (;;) {
    try {
      return await work(heard)
    } catch (error) {
      const waited = clock.now() - lastHeard
      if (!isOfTheLink(error) || signal.aborted || waited + wait > seconds) throw error
      await onLost(error)
      await clock.sleep(wait, signal)
      wait = Math.min(2 * wait, LONGEST_WAIT)
    }
  }
}
