/** Checks of the suite that a container fails, and why. */
import type { Limit } from '../../harness/contracts/driver.ts'

/** A commit is a tar, written by Go's archive/tar, which has no holes; of extended attributes it has security.capability alone. */
const COMMIT: readonly Limit[] = [
  ...[
    'a sparse file of the image stays sparse when it is changed',
    'a file of 5 GiB',
    'a change beyond 4 GiB in a file of the image',
  ].map((check) => ({ check, reason: 'a commit writes a tar, in which holes are data' })),
  {
    check: 'extended attributes',
    reason: 'a commit keeps security.capability and no other (pkg/archive of Docker)',
  },
]

const UNION: readonly Limit[] = [
  {
    check: 'mode and owner of the root pass to the layers above',
    reason: "a union shows the upper's root, and Docker makes that with the mode 0755 and root as its owner",
  },
  {
    check: 'rename a directory of the image',
    reason: 'rename(2) answers EXDEV, and mv copies the directory',
  },
  {
    check: 'hard links of the image stay together',
    reason: 'the name that is written gets a copy of its own',
  },
]

const FUSE: readonly Limit[] = [
  {
    check: 'delete a directory and create it again',
    reason: 'until it is mounted again, old contents can be opened by name; 1.15 no longer looks for them',
  },
]

/** `mountType`: type of file system that a container is mounted as. */
export function limitsOf(isUnion: boolean, mountType: string): readonly Limit[] {
  return [...COMMIT, ...(isUnion ? UNION : []), ...(mountType.startsWith('fuse.') ? FUSE : [])]
}
