import { z } from 'zod'
import { switchOption } from '../../harness/contracts/units.ts'

/** unionfs(8), and libfuse's own that `unionfs --help` lists. */
export const unionfsOptions = z.strictObject({
  direct_io: switchOption(
    false,
    "the kernel's page cache is passed by: every read and write reaches the daemon",
  ),
  kernel_cache: switchOption(
    false,
    'what the kernel has cached of a file is kept when the file is opened again',
  ),
  auto_cache: switchOption(false, 'as kernel_cache, while size and time of the file stay the same'),
  use_ino: switchOption(
    false,
    "files show the inode numbers of the directory that holds them, not the daemon's",
  ),
  statfs_omit_ro: switchOption(false, 'df counts the writable branch only'),
})

export type UnionfsOptions = z.output<typeof unionfsOptions>

/** Returns the daemon's options after `-o`. */
export function daemonOptions(options: UnionfsOptions): string[] {
  return Object.entries(options)
    .filter(([, value]) => value)
    .map(([name]) => name)
}
