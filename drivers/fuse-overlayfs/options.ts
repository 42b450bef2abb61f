import { z } from 'zod'
import { integerOption, switchOption } from '../../harness/contracts/units.ts'

/** fuse-overlayfs(1), and the option table of its main.c for those that the manual leaves out. */
export const fuseOverlayfsOptions = z.strictObject({
  threaded: switchOption(false, 'requests are served by several threads'),
  writeback: switchOption(true, "writes are gathered in the kernel's page cache before the daemon gets them"),
  fsync: switchOption(true, 'off: fsync(2) in the container does nothing'),
  volatile: switchOption(false, 'as fsync=off, by the name that overlay has for it'),
  timeout: integerOption(
    1_000_000_000,
    0,
    1_000_000_000,
    'seconds for which the kernel keeps names and attributes without asking again',
  ),
  noacl: switchOption(false, 'no POSIX access control lists'),
  static_nlink: switchOption(false, 'directories say that they have one link, and are not counted'),
  squash_to_root: switchOption(false, 'every file shows root as its owner'),
})

export type FuseOverlayfsOptions = z.output<typeof fuseOverlayfsOptions>

/** Returns the daemon's options after `-o`: only those that differ from its own defaults. */
export function daemonOptions(options: FuseOverlayfsOptions): string[] {
  const defaults = fuseOverlayfsOptions.parse({})
  const numbers = (['threaded', 'writeback', 'fsync', 'timeout'] as const)
    .filter((name) => options[name] !== defaults[name])
    .map((name) => `${name}=${Number(options[name])}`)
  const flags = (['volatile', 'noacl', 'static_nlink', 'squash_to_root'] as const).filter(
    (name) => options[name],
  )
  return [...numbers, ...flags]
}
