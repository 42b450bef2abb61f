import { z } from 'zod'
import { switchOption } from '../../harness/contracts/units.ts'

/** aufs(5). */
export const aufsOptions = z.strictObject({
  dirperm1: switchOption(
    true,
    'only the topmost branch of a directory decides who may enter it; off: all branches do, which hides a chmod',
  ),
})

export type AufsOptions = z.output<typeof aufsOptions>
