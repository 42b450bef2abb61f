import type { DriverMeta } from '../contracts/driver.ts'
import type { Host } from '../contracts/host.ts'
import { type Fingerprint, MEASURING } from '../contracts/fingerprint.ts'
import { fingerprintHash } from '../contracts/fingerprint-facts.ts'
import { cpuModel, governors } from './facts/cpu.ts'
import { readDisk } from './facts/disk.ts'
import { readKernelConfig } from './facts/kernel-config.ts'
import { packageVersion } from '../linux/package.ts'
import { readToolVersions } from './facts/tools.ts'
import { readVirtualization } from './facts/virtualization.ts'

/**
 * Returns the facts of this host that affect measurements. `scratch` is the folder of the loop files, which may still
 * have to be made, or a block device. `drivers`: all that there are, since each names the programs that it uses. What
 * cannot be learnt is null or left out; nothing throws.
 */
export async function fingerprint(
  host: Host,
  scratch: string,
  drivers: readonly Pick<DriverMeta, 'backings' | 'needs'>[],
): Promise<Fingerprint> {
  // 7 MB of JavaScript: only for those who need it.
  const { default: information } = await import('systeminformation')
  const [os, cpu, memory, virtualization, tools] = await Promise.all([
    information.osInfo(),
    information.cpu(),
    information.mem(),
    readVirtualization(host),
    readToolVersions(host, drivers),
  ])
  const facts: Omit<Fingerprint, 'hash'> = {
    kernel: host.kernelRelease,
    distribution: `${os.distro} ${os.release}`.trim(),
    virtualization,
    cpu: {
      model: cpuModel() ?? `${cpu.manufacturer} ${cpu.brand}`.trim(),
      cores: cpu.cores,
      governor: governors(),
    },
    memoryBytes: memory.total,
    disk: readDisk(scratch),
    kernelConfig: readKernelConfig(host.kernelRelease),
    tools,
    bench: packageVersion(),
    measuring: MEASURING,
    node: process.version,
  }
  return { hash: fingerprintHash(facts), ...facts }
}
