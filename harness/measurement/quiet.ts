/** Whether the scratch devices have come to rest: what one trial leaves under way is not to be counted to the next. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { DeviceCounters } from './counters.ts'

/** For so long nothing may happen. The kernel's own threads that finish something begin within a tick or two (4 ms). */
const STILL_MILLISECONDS = 20
const PATIENCE_MILLISECONDS = 5000

/**
 * Waits until nothing is in flight at the devices and their counters do not move for a moment. False when that has
 * not come about within the patience. Call it when the store is settled; without devices there is nothing to wait for.
 */
export async function waitUntilQuiet(
  counters: DeviceCounters,
  stillMilliseconds = STILL_MILLISECONDS,
  patienceMilliseconds = PATIENCE_MILLISECONDS,
): Promise<boolean> {
  const deadline = performance.now() + patienceMilliseconds
  for (let before = requests(counters); performance.now() < deadline;) {
    await sleep(stillMilliseconds)
    const now = requests(counters)
    if (now === before && counters.inFlight() === 0) return true
    before = now
  }
  return false
}

/** Requests that the devices have answered since they are there. */
function requests(counters: DeviceCounters): number {
  const { reads, writes, flushes } = counters.read()
  return reads + writes + flushes
}
