import type { Syscalls } from '../../../harness/contracts/syscalls.ts'
import { until } from '../../../harness/linux/until.ts'
import { notSettled, syncAndWakeCleaner } from '../rest.ts'
import { isFreeing } from './own-usage.ts'

const FREEING_SECONDS = 60
const POLL_MILLISECONDS = 5

/**
 * Waits until the space of removed subvolumes is free; the kernel would get to that some time within 30 s. `fd` lies on the
 * file system. Throws `driver.not-settled` after a minute.
 */
export async function untilFreed(syscalls: Syscalls, fd: number): Promise<void> {
  const isFree = () => {
    syncAndWakeCleaner(syscalls, fd)
    return !isFreeing(syscalls, fd)
  }
  const error = () => notSettled('btrfs is still freeing removed subvolumes', FREEING_SECONDS)
  await until(isFree, { every: POLL_MILLISECONDS, within: FREEING_SECONDS * 1000, error })
}
