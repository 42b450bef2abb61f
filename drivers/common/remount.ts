/** Taking what is mounted away for a while, and bringing it back. */
import type { Host } from '../../harness/contracts/host.ts'
import type { Mount } from '../../harness/contracts/snapshotter.ts'
import { errnoOf } from '../../harness/contracts/syscalls.ts'
import { driverError } from './catalog.ts'

/** Something mounted, and how to mount it again. */
export interface RemountTarget {
  mounts: readonly Mount[]
  target: string
}

/**
 * Unmounts all places, does the work, and mounts them again in the same order. Throws `driver.busy`, with everything
 * mounted as before and the work not done, where a place is in use. Where the work fails they stay unmounted.
 */
export async function whileUnmounted(
  host: Pick<Host, 'mount' | 'unmount'>,
  places: readonly RemountTarget[],
  work: () => Promise<void>,
): Promise<void> {
  const unmounted: RemountTarget[] = []
  const mountAgain = async () => {
    for (const { mounts, target } of unmounted) await host.mount(mounts, target)
  }
  try {
    for (const place of places.toReversed()) {
      await host.unmount(place.target)
      unmounted.unshift(place)
    }
  } catch (error) {
    await mountAgain()
    if (errnoOf(error) === 'EBUSY') throw driverError('busy', 'a container of the store is in use', error)
    throw error
  }
  await work()
  await mountAgain()
}
