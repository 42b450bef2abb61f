import { readFileSync } from 'node:fs'

/** Returns a figure of /proc/meminfo in bytes, of the whole host: proc_meminfo(5). 0 where the kernel does not tell it. */
export function readMemory(field: 'Cached' | 'MemAvailable' | 'MemTotal'): number {
  const text = readFileSync('/proc/meminfo', 'utf8')
  const at = text.startsWith(`${field}:`) ? 0 : text.indexOf(`\n${field}:`) + 1
  return Number(/^\w+: +(\d+) kB/.exec(text.slice(at, at + 64))?.[1] ?? 0) * 1024
}
