import type { Fingerprint } from '../../harness/contracts/fingerprint.ts'
import { formatValue, plural } from './format.ts'

/** `Debian GNU/Linux 12, Linux 6.12.9-amd64, AMD EPYC 4344P, 8 cores, 64 GiB, Example NVMe 960 GB`. */
export function hostLine(host: Fingerprint): string {
  const known = [
    host.distribution,
    `Linux ${host.kernel}`,
    host.cpu.model,
    plural(host.cpu.cores, 'core'),
    formatValue(host.memoryBytes, 'bytes'),
    host.disk.model ?? host.disk.device,
    host.virtualization,
  ]
  return known.filter((part) => part !== null && part !== '').join(', ')
}

/**
 * Tells whether the times measured on a host are those of a translated processor, or of a kernel that runs as a process: they
 * say nothing of hardware.
 */
export function isEmulated({ virtualization }: Fingerprint): boolean {
  return /emulated|\btcg\b|user.mode linux|\buml\b/i.test(virtualization ?? '')
}
