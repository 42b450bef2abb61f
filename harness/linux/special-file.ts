/** Devices, pipes and sockets: mknod(2). */
import type { Stats } from 'node:fs'

/** Returns what a file is that is no regular one: `c 1:3`, `b 7:0`, `p` or `s`. */
export function specialFile(stat: Stats): string {
  if (stat.isFIFO()) return 'p'
  if (stat.isSocket()) return 's'
  const minor = (stat.rdev & 0xff) | ((stat.rdev >> 12) & ~0xff)
  return `${stat.isBlockDevice() ? 'b' : 'c'} ${(stat.rdev >> 8) & 0xfff}:${minor}`
}
