import type { Host } from '../contracts/host.ts'
import type { Check } from './checks/check.ts'
import { checkCgroups, checkDeviceMapper, checkFilesystems, checkKernel, checkRoot, checkZfs } from './checks/kernel.ts'
import { checkClock, checkGovernor, checkMemory, checkSwap } from './checks/machine.ts'
import { checkNoise } from './checks/noise.ts'
import { withProbeFolder } from './checks/probe-folder.ts'
import { checkFio, checkPrograms } from './checks/programs.ts'
import { checkRuntimes } from './checks/runtime.ts'
import { checkLoop, checkReflink, checkSpace } from './checks/storage.ts'

export type { Check } from './checks/check.ts'

/**
 * Looks at the host as the harness will use it, by trying things out where that can be done, one after the other, so
 * that no check is another's noise. Leaves nothing behind. Takes some two seconds. Call it in a private mount namespace.
 *
 * Throws a BenchError where not even a file can be written on the disk of `scratchDirectory`.
 */
export async function examine(host: Host, scratchDirectory: string): Promise<Check[]> {
  const general = [
    checkRoot(),
    checkKernel(host.kernelRelease),
    ...(await checkFilesystems(host)),
    await checkDeviceMapper(host),
    await checkZfs(host),
    checkCgroups(),
    await checkFio(host),
    checkPrograms(host),
    checkMemory(),
    checkSwap(),
    checkGovernor(),
    ...checkClock(),
    checkSpace(scratchDirectory),
  ]
  const byDoing = await withProbeFolder(host, scratchDirectory, async (folder) => [
    await checkLoop(host, folder),
    await checkReflink(host, folder),
    ...(await checkRuntimes(host, folder)),
    ...checkNoise(folder),
  ])
  return [...general, ...byDoing]
}
