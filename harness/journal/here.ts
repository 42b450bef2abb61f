/** Identifies the PID namespace and the machine of this process. */
import { readFileSync, statSync } from 'node:fs'

/** Returns what tells this process namespace from others: pid_namespaces(7). */
export function pidNamespace(): number {
  return statSync('/proc/self/ns/pid').ino
}

/** Returns the id of this machine, or null where it has none: machine-id(5). */
export function machineId(): string | null {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim() || null
  } catch {
    return null
  }
}
