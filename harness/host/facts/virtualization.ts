import { existsSync, readFileSync } from 'node:fs'
import type { Host } from '../../contracts/host.ts'
import { readSysfs } from '../../linux/sysfs.ts'

export interface VirtualizationFacts {
  /** /proc/cpuinfo */
  cpuinfo: string
  /** `Hypervisor vendor` of lscpu, which asks the processor (CPUID leaf 0x40000000); null where it says none. */
  hypervisor: string | null
  /** Vendor and product of the firmware's tables; null where there are none. */
  machine: string | null
}

/**
 * Returns the kind of machine. Only an emulated processor has its name: QEMU calls the processors that it
 * translates for "QEMU TCG CPU" or "QEMU Virtual CPU", and CPUID then answers TCGTCGTCGTCG. A guest under a hypervisor
 * that has no firmware tables is a microVM (QEMU's microvm, Firecracker). Null: it cannot be told.
 */
export function virtualizationOf({ cpuinfo, hypervisor, machine }: VirtualizationFacts): string | null {
  if (/^vendor_id\s*:\s*User Mode Linux$/m.test(cpuinfo)) return 'User-mode Linux'
  if (/^model name\s*:.*QEMU (?:TCG|Virtual) CPU/m.test(cpuinfo) || /tcg/i.test(hypervisor ?? '')) {
    return 'emulated CPU (QEMU TCG)'
  }
  const isGuest = hypervisor !== null || /^flags\s*:.*\bhypervisor\b/m.test(cpuinfo)
  if (isGuest) return `${hypervisor ?? 'unknown hypervisor'}, ${machine ?? 'microVM'}`
  return machine === null ? null : 'bare metal'
}

export async function readVirtualization(host: Host): Promise<string | null> {
  const machine = ['sys_vendor', 'product_name'].map((name) => readSysfs(`/sys/class/dmi/id/${name}`) ?? '')
  return virtualizationOf({
    cpuinfo: readFileSync('/proc/cpuinfo', 'utf8'),
    hypervisor: await hypervisorOf(host),
    machine: existsSync('/sys/class/dmi/id')
      ? machine.join(' ').trim()
      : readSysfs('/sys/firmware/devicetree/base/model'),
  })
}

async function hypervisorOf(host: Host): Promise<string | null> {
  if (host.which('lscpu') === null) return null
  const { stdout } = await host.run('lscpu', [], { accept: [0, 1] })
  return /^Hypervisor vendor:\s*(.+)$/m.exec(stdout)?.[1] ?? null
}
