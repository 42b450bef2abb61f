import type { Limit } from '../../harness/contracts/driver.ts'

export const EROFS_LIMITS: readonly Limit[] = [
  {
    check: 'a sparse file of the image stays sparse when it is changed',
    reason: 'mkfs.erofs writes holes as zeros, which overlay copies up as data',
  },
  {
    check: 'a file of 5 GiB',
    reason: 'a layer needs as much room as its files are long, holes included',
  },
  {
    check: 'a change beyond 4 GiB in a file of the image',
    reason: 'a copied file takes as much room as it is long, holes included',
  },
  {
    check: 'rename a directory of the image',
    reason: 'rename(2) answers EXDEV without redirect_dir, and mv copies the directory',
  },
  {
    check: 'hard links of the image stay together',
    reason: 'without overlay’s index the name that is written gets a copy of its own',
  },
]
