import { z } from 'zod'
import { switchOption } from '../../harness/contracts/units.ts'

/** aufs(5). */
export const aufsOptions = z.strictObject({
  dirperm1: switchOption(
    true,
    'who may enter a directory is told by its topmost branch alone; off: by all of them, which hides a chmod',
  ),
})

export type AufsOptions = z.output<typeof aufsOptions>
