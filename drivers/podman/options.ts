import { z } from 'zod'
import { choiceOption, switchOption } from '../../harness/contracts/units.ts'

/** Options of the storage driver overlay, in storage.conf: containers-storage.conf(5). */
export const overlayOptions = z
  .strictObject({
    mount_program: choiceOption(
      ['kernel', 'fuse-overlayfs'],
      'kernel',
      'what mounts the union: the kernel, or the FUSE daemon that podman uses without root',
    ),
    metacopy: switchOption(
      false,
      'a change of mode or owner copies up the attributes and leaves the data below, as Fedora sets it',
    ),
    volatile: switchOption(
      false,
      'a copy-up syncs nothing, as podman mounts the container of run --rm and of a build',
    ),
  })
  .refine(
    ({ mount_program: program, metacopy, volatile }) => program === 'kernel' || !(metacopy || volatile),
    {
      path: ['mount_program'],
      error:
        'mount_program=fuse-overlayfs takes neither metacopy=on nor volatile=on here: they are options of the kernel',
    },
  )

export type OverlayOptions = z.output<typeof overlayOptions>

/** Options of btrfs and vfs: none. */
export const noOptions = z.strictObject({})
