import type { Limit } from '../../harness/contracts/driver.ts'

/** Returns what containers may expect and overlay cannot do with these of its options; without a value an option is off. */
export function limitsOfOverlay({
  redirect_dir: redirect,
  index,
}: Readonly<Record<string, string>>): readonly Limit[] {
  const limits: Limit[] = []
  if (redirect !== 'on') {
    limits.push({
      check: 'rename a directory of the image',
      reason: 'rename(2) answers EXDEV without redirect_dir=on, and mv copies the directory',
    })
  }
  if (index !== 'on') {
    limits.push({
      check: 'hard links of the image stay together',
      reason: 'without index=on the name that is written gets a copy of its own',
    })
  }
  return limits
}
