/** Whether the scratch devices have come to rest: what one trial leaves under way is not to be counted to the next. */
import { eventually } from '../linux/until.ts'
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
  let now: number | null = null
  const isQuiet = () => {
    const before = now
    now = requests(counters)
    return now === before && counters.inFlight() === 0
  }
  return (await eventually(isQuiet, { every: stillMilliseconds, within: patienceMilliseconds })) ?? false
}

/** Requests that the devices have answered since they are there. */
function requests(counters: DeviceCounters): number {
  const { reads, writes, flushes } = counters.read()
  // Where they are not counted, writes tell that a device is at work.
  return reads + writes + (flushes ?? 0)
}
