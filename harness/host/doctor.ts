import { messageOf } from '../contracts/error.ts'
import type { Host } from '../contracts/host.ts'
import { isRoot } from '../linux/privilege.ts'
import { BE_ROOT, missing, type Check } from './checks/check.ts'
import { checkDrivers, type NeedyDriver } from './checks/drivers.ts'
import { checkCgroups, checkKernel, checkRoot } from './checks/kernel.ts'
import { checkClock, checkGovernor, checkMemory, checkSwap } from './checks/machine.ts'
import { checkNoise } from './checks/noise.ts'
import { withProbeFolder } from './checks/probe-folder.ts'
import { checkFio } from './checks/programs.ts'
import { checkRuntimes } from './checks/runtime.ts'
import { checkLoop, checkReflink, checkSpace } from './checks/storage.ts'

export type { Check } from './checks/check.ts'
export type { NeedyDriver } from './checks/drivers.ts'

/**
 * Looks at the host as the harness will use it, by trying things out where that can be done, one after the other, so
 * that no check is another's noise. Leaves nothing behind. Takes some two seconds. Call it in a private mount namespace.
 */
export async function examine(
  host: Host,
  scratchDirectory: string,
  drivers: readonly NeedyDriver[],
): Promise<Check[]> {
  const general = [
    checkRoot(),
    checkKernel(host.kernelRelease),
    checkCgroups(),
    await checkFio(host),
    ...(await checkDrivers(host, drivers)),
    checkMemory(),
    checkSwap(),
    checkGovernor(),
    ...checkClock(),
    checkSpace(scratchDirectory),
  ]
  return [...general, ...(await examineByDoing(host, scratchDirectory))]
}

/** Returns the checks that need a folder on the scratch's own disk. */
async function examineByDoing(host: Host, scratchDirectory: string): Promise<Check[]> {
  try {
    return await withProbeFolder(host, scratchDirectory, async (folder) => [
      await checkLoop(host, folder),
      await checkReflink(host, folder),
      ...(await checkRuntimes(host, folder)),
      ...checkNoise(folder),
    ])
  } catch (error) {
    const subject = { id: 'scratch.write', title: 'scratch folder', needed: true }
    return [missing(subject, messageOf(error), isRoot() ? 'give another folder by --scratch' : BE_ROOT)]
  }
}
