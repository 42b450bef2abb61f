import { createHash } from 'node:crypto'
import type { DriverMeta } from '../contracts/driver.ts'
import type { Host } from '../contracts/host.ts'
import type { Fingerprint } from '../contracts/fingerprint.ts'
import { cpuModel, governors } from './facts/cpu.ts'
import { readDisk } from './facts/disk.ts'
import { readKernelConfig } from './facts/kernel-config.ts'
import { packageVersion } from '../linux/package.ts'
import { readToolVersions } from './facts/tools.ts'
import { readVirtualization } from './facts/virtualization.ts'

const GIBIBYTE = 1024 ** 3

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
    node: process.version,
  }
  return { hash: comparabilityHash(facts), ...facts }
}

/**
 * SHA-256, hexadecimal, over what must be equal for the samples of two runs to be compared as if one run had taken them.
 *
 * In it: the kernel, its options and its mitigations (they are the code that is measured); the kind of machine, processor,
 * its count and governor; the disk's kind, queue, cache, file system and mount options; the tools, since mkfs decides
 * the layout on the disk, fio and the OCI runtimes what is timed; this program, which may time another thing in
 * another version, and Node's major version.
 *
 * Not in it: memory below a gibibyte, since the kernel reserves more or less of it from boot to boot; the device's name,
 * which changes with the order of discovery; the distribution, whose part in the measurement is its kernel and tools.
 */
export function comparabilityHash(facts: Omit<Fingerprint, 'hash'>): string {
  const { kernel, virtualization, cpu, memoryBytes, disk, kernelConfig, tools, bench, node } = facts
  const { device: _, ...diskKind } = disk
  const compared = {
    kernel,
    virtualization,
    cpu,
    memoryGibibytes: Math.round(memoryBytes / GIBIBYTE),
    disk: diskKind,
    kernelConfig,
    tools,
    bench,
    nodeMajor: /^v(\d+)/.exec(node)?.[1],
  }
  return createHash('sha256').update(canonicalJson(compared)).digest('hex')
}

/** JSON with the names of each object in order, so that equal facts are equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part === null || typeof part !== 'object' || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
