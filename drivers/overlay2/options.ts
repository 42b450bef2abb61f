import { z } from 'zod'
import { usageError } from '../../harness/contracts/error.ts'
import type { DriverConfig } from '../../harness/contracts/driver.ts'
import { choiceOption, switchOption } from '../../harness/contracts/units.ts'
import { fsyncOption } from '../common/overlay-fsync.ts'
import { kernelDefault, OVERLAY_PARAMETERS } from '../common/overlay-parameters.ts'

/** Options, described in Documentation/filesystems/overlayfs.rst. */
export const overlayOptions = z
  .strictObject({
    reflink: switchOption(true, 'off: the xfs below is made so that files cannot share extents; @xfs only'),
    metacopy: switchOption(
      false,
      'a change of mode or owner copies up the attributes and leaves the data below',
    ),
    redirect_dir: choiceOption(
      ['auto', 'on', 'off', 'follow', 'nofollow'],
      'auto',
      'whether a directory of the image can be renamed; auto: on with metacopy=on, which needs it, else off',
    ),
    index: switchOption(false, 'hard links of the image stay together when one of them is copied up'),
    fsync: fsyncOption(),
    volatile: switchOption(false, 'the same as fsync=volatile, by the name that kernels without fsync= have'),
    xino: choiceOption(
      ['on', 'off', 'auto'],
      'off',
      'the number of the file system within inode numbers; without effect where all layers lie on one, as here',
    ),
  })
  .refine(({ metacopy, redirect_dir: redirect }) => !metacopy || redirect === 'auto' || redirect === 'on', {
    path: ['redirect_dir'],
    error: 'metacopy=on needs redirect_dir=on: the kernel finds the data below by its redirection',
  })
  .refine(({ volatile, fsync }) => !volatile || fsync === 'kernel' || fsync === 'volatile', {
    path: ['volatile'],
    error: 'volatile=on is the same as fsync=volatile, and another fsync= is given, too',
  })
  // One configuration has one name.
  .overwrite((given) => (given.volatile ? { ...given, volatile: false, fsync: 'volatile' } : given))

export type OverlayOptions = z.output<typeof overlayOptions>

/** Returns the kernel's options by name, with the values that a configuration stands for. */
export function kernelOptions(options: OverlayOptions): Readonly<Record<string, string>> {
  const automatic = options.metacopy ? 'on' : 'off'
  return {
    redirect_dir: options.redirect_dir === 'auto' ? automatic : options.redirect_dir,
    metacopy: onOff(options.metacopy),
    index: onOff(options.index),
    xino: options.xino,
  }
}

/** Returns the options to pass to this kernel: only those whose default differs. */
export function mountOptions(options: OverlayOptions, parameters = OVERLAY_PARAMETERS): readonly string[] {
  return Object.entries(kernelOptions(options))
    .filter(([name, value]) => value !== kernelDefault(parameters, name))
    .map(([name, value]) => `${name}=${value}`)
}

/** Returns whether a directory of the image can be renamed. */
export function redirectsDirectories(options: OverlayOptions): boolean {
  return kernelOptions(options)['redirect_dir'] === 'on'
}

/** Throws a usage error where an option does not go with the backing. */
export function requireBackingFits({ backing, options, text }: DriverConfig<OverlayOptions>): void {
  if (options.reflink || backing === 'xfs') return
  throw usageError(
    'driver-option',
    `${text}: reflink=off is an option of mkfs.xfs, but the backing is ${backing}`,
    backing === 'ext4' ? 'ext4 never shares extents: omit the option' : 'write overlay2@xfs+reflink=off',
  )
}

function onOff(value: boolean): string {
  return value ? 'on' : 'off'
}
