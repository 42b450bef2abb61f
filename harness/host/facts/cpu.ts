import { readdirSync, readFileSync } from 'node:fs'
import { readSysfs, readSysfsNumber } from '../../linux/sysfs.ts'

const CPUS = '/sys/devices/system/cpu'

/**
 * Model name of the processor in /proc/cpuinfo; null on architectures where the kernel gives only numbers. lscpu and
 * firmware are not used: their names change from version to version.
 */
export function cpuModel(cpuinfo = readFileSync('/proc/cpuinfo', 'utf8')): string | null {
  return /^model name\s*: (.*)$/m.exec(cpuinfo)?.[1]?.trim() ?? null
}

/** Returns the frequency governors in use, `performance` or `powersave, schedutil`; null where the kernel governs nothing. */
export function governors(): string | null {
  const found = new Set<string>()
  for (const name of readdirSync(CPUS)) {
    const text = /^cpu\d+$/.test(name) ? readSysfs(`${CPUS}/${name}/cpufreq/scaling_governor`) : null
    if (text !== null) found.add(text)
  }
  return found.size === 0 ? null : [...found].sort().join(', ')
}

/** Returns whether the processor may raise its clock above the nominal one; null where the kernel does not tell. */
export function turbo(): boolean | null {
  const disabled = readSysfsNumber(`${CPUS}/intel_pstate/no_turbo`)
  if (disabled !== null) return disabled === 0
  const boost = readSysfsNumber(`${CPUS}/cpufreq/boost`)
  return boost === null ? null : boost === 1
}

/** Returns whether two threads share a core; null where the kernel does not tell. */
export function hyperthreading(): boolean | null {
  const active = readSysfsNumber(`${CPUS}/smt/active`)
  return active === null ? null : active === 1
}
