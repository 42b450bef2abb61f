/** Checks of the suite that a container fails, and why. */
import type { DriverConfig, Limit } from '../../harness/contracts/driver.ts'
import type { OverlayOptions } from './options.ts'

/** A commit is a tar, written by Go's archive/tar, which has no holes; and none has an entry for the root. */
const COMMIT: readonly Limit[] = [
  ...[
    'a sparse file of the image stays sparse when it is changed',
    'a file of 5 GiB',
    'a change beyond 4 GiB in a file of the image',
  ].map((check) => ({ check, reason: 'a commit writes a tar, in which holes are data' })),
  {
    check: 'mode and owner of the root pass to the layers above',
    reason: 'the tar of a commit has no entry for the root',
  },
]

const ROOT: Limit = {
  check: 'a container without a parent',
  reason: "the root of a layer has the mode 0555, as in podman's containers",
}

const FUSE: Limit = {
  check: 'delete a directory and create it again',
  reason: 'until it is mounted again, old contents can be opened by name; 1.15 no longer looks for them',
}

export function overlayLimits({ options }: DriverConfig<OverlayOptions>): readonly Limit[] {
  const limits = [...COMMIT, ROOT]
  if (!options.metacopy) {
    limits.push({
      check: 'rename a directory of the image',
      reason: 'rename(2) answers EXDEV without redirect_dir=on, and mv copies the directory',
    })
  }
  if (options.mount_program !== 'kernel') limits.push(FUSE)
  limits.push({
    check: 'hard links of the image stay together',
    reason: 'without index=on the name that is written gets a copy of its own',
  })
  return limits
}

export const otherLimits = (): readonly Limit[] => [...COMMIT, ROOT]
