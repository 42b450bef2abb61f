import { z } from 'zod'
import { choiceOption } from '../../harness/contracts/units.ts'
import { fsyncOption } from '../common/overlay-fsync.ts'

export const erofsOptions = z.strictObject({
  mount: choiceOption(
    ['auto', 'file', 'loop'],
    'auto',
    'how the kernel reads an image: from its file (Linux 6.12) or by a loop device; auto: from its file where it can',
  ),
  compress: choiceOption(
    ['none', 'lz4', 'lz4hc'],
    'none',
    'how mkfs.erofs compresses the files of a layer; a file that is copied up is not',
  ),
  fsync: fsyncOption(),
})

export type ErofsOptions = z.output<typeof erofsOptions>

/**
 * Returns the options of mkfs.erofs besides the image and the tree. Data lies in blocks of its own, even where a tail
 * would fit behind its inode (`noinline_data`), as containerd has it.
 */
export function mkfsOptions({ compress }: ErofsOptions): readonly string[] {
  return ['--quiet', '-E', 'noinline_data', ...(compress === 'none' ? [] : [`-z${compress}`])]
}

/** All off, whatever the module's parameters say, so that a configuration is the same on every host. */
export const OVERLAY_OPTIONS: readonly string[] = ['redirect_dir', 'metacopy', 'index', 'xino'].map(
  (name) => `${name}=off`,
)
