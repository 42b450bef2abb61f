import { readMemory } from '../../linux/memory.ts'
import { swapAreas } from '../../linux/swaps.ts'
import { governors, hyperthreading, turbo } from '../facts/cpu.ts'
import { ok, warning, type Check } from './check.ts'

const GIBIBYTE = 1024 ** 3
/** Below it the page cache is too small for the larger files, and cold and warm run into each other. */
const USUAL_MEMORY = 2 * GIBIBYTE

export function checkMemory(): Check {
  const subject = { id: 'memory', title: 'memory' }
  const gibibytes = (value: number) => `${(value / GIBIBYTE).toFixed(1)} GiB`
  const available = readMemory('MemAvailable')
  const found = `${gibibytes(available)} available of ${gibibytes(readMemory('MemTotal'))}`
  if (available >= USUAL_MEMORY) return ok(subject, found)
  return warning(subject, found, 'end other programs; large files will not stay in the page cache')
}

export function checkSwap(): Check {
  const subject = { id: 'swap', title: 'swap' }
  const areas = swapAreas()
  if (areas.length === 0) return ok(subject, 'none')
  return warning(
    subject,
    `in use: ${areas.join(', ')}`,
    'swapoff --all while measuring: swapping shares the disk',
  )
}

export function checkGovernor(): Check {
  const subject = { id: 'governor', title: 'CPU governor' }
  const found = governors()
  if (found === null) return ok(subject, 'none: the clock is not governed by this kernel')
  if (found === 'performance') return ok(subject, found)
  return warning(subject, found, 'cpupower frequency-set --governor performance')
}

/** Turbo and hyper-threading, where the kernel tells of them: each makes a time depend on what else runs. */
export function checkClock(): Check[] {
  const checks: Check[] = []
  const boosted = turbo()
  if (boosted !== null) {
    const subject = { id: 'turbo', title: 'CPU turbo' }
    const mend =
      'for steadier times: echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo, or 0 > …/cpufreq/boost'
    checks.push(
      boosted ? warning(subject, 'on: the clock depends on heat and load', mend) : ok(subject, 'off'),
    )
  }
  const shared = hyperthreading()
  if (shared !== null) {
    const subject = { id: 'smt', title: 'hyper-threading' }
    const mend = 'for steadier times: echo off > /sys/devices/system/cpu/smt/control'
    checks.push(shared ? warning(subject, 'on: two threads share a core', mend) : ok(subject, 'off'))
  }
  return checks
}
