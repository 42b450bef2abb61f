import { readFileSync } from 'node:fs'

/** Field 22 of /proc/PID/stat, in clock ticks since boot: with it a pid names one process for ever. Null when gone. */
export function startTimeOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field, the name, may hold blanks and parentheses: count from its last closing one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return Number(fields[22 - 3])
  } catch {
    return null
  }
}

export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}
