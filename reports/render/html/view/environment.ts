import type { Fingerprint } from '../../../../harness/contracts/fingerprint.ts'
import { formatValue, NOTHING, plural } from '../../../format/format.ts'

export interface FactSection {
  title: string
  facts: readonly Fact[]
}

export interface Fact {
  name: string
  value: string
}

/** The fingerprint as sections of facts. */
export function environment(host: Fingerprint): FactSection[] {
  const { cpu, disk } = host
  const machine = {
    Kernel: host.kernel,
    Distribution: host.distribution,
    Virtualization: host.virtualization ?? 'none found',
    Processor: `${cpu.model}, ${plural(cpu.cores, 'core')}`,
    'Frequency governor': cpu.governor,
    Memory: formatValue(host.memoryBytes, 'bytes'),
  }
  const diskFacts = {
    Device: disk.device,
    Model: disk.model,
    Kind: disk.rotational === null ? null : disk.rotational ? 'rotational' : 'solid state',
    Scheduler: disk.scheduler,
    'Queue depth': disk.queueDepth?.toString() ?? null,
    'Write cache': disk.writeCache,
    'File system': disk.filesystem,
    'Mount options': disk.mountOptions,
  }
  const tools = { bench: host.bench, Node: host.node, ...host.tools }
  return [
    section('Machine', machine),
    section('Disk', diskFacts),
    section('Tools', tools),
    section('Kernel configuration', host.kernelConfig),
    section('Fingerprint', { 'SHA-256': host.hash }),
  ].filter(({ facts }) => facts.length > 0)
}

function section(title: string, facts: Readonly<Record<string, string | null>>): FactSection {
  return { title, facts: Object.entries(facts).map(([name, value]) => ({ name, value: value ?? NOTHING })) }
}
