import { existsSync, readFileSync } from 'node:fs'
import { unescapeField } from './mountinfo.ts'

const SWAPS = '/proc/swaps'

/** Returns the devices and files in use as swap: proc_swaps(5). None where the kernel has no swapping (CONFIG_SWAP). */
export function swapAreas(): string[] {
  if (!existsSync(SWAPS)) return []
  const [, ...lines] = readFileSync(SWAPS, 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => unescapeField(line.split(/\s/)[0] ?? ''))
}
