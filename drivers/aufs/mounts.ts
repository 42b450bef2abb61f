/** The mounts of a union of branches. */
import type { Mount } from '../../harness/contracts/snapshotter.ts'
import type { Stack } from '../common/layered-store.ts'
import type { AufsOptions } from './options.ts'

/** Bytes. mount(2) copies one page of options, with its terminating zero: fs/namespace.c, copy_mount_options. */
export const OPTIONS_PAGE = 4095

/**
 * Branches of one call. aufs parses the options of a call into a page of slots, one for each branch; 84 of them in Linux
 * 5.4 to 6.1 (fs/aufs/fsctx.c, au_fsctx_init). More are E2BIG, and the kernel may crash on its way out (au_fsctx_free, 6.1).
 */
export const BRANCHES_A_CALL = 60

/**
 * Inode numbers that stay, in a file that aufs unlinks as soon as it is open. In memory, as Docker has it: one on the
 * upper would be written with every new file.
 */
const XINO = 'xino=/dev/shm/aufs.xino'

/**
 * The first mount takes as many branches as one call can; remounts append the others.
 * `ro+wh`: a layer's whiteouts hide what is below it.
 */
export function unionMounts({ name, lowers, upper }: Stack, options: AufsOptions): readonly Mount[] {
  const union = { type: 'aufs', source: name }
  const access = upper === null ? ['ro'] : []
  const branches = [...(upper === null ? [] : [`${upper}=rw`]), ...lowers.map((path) => `${path}=ro+wh`)]
  const extra = ['dio', XINO, ...(options.dirperm1 ? ['dirperm1'] : [])]
  const rest = extra.map((option) => `,${option}`).join('')

  const first = takeWhileFits(branches, ':', OPTIONS_PAGE - 'br:'.length - rest.length)
  const mounts: Mount[] = [{ ...union, options: [...access, `br:${first.join(':')}`, ...extra] }]
  let appended = branches.slice(first.length).map((branch) => `append:${branch}`)
  while (appended.length > 0) {
    const page = takeWhileFits(appended, ',', OPTIONS_PAGE)
    mounts.push({ ...union, options: ['remount', ...access, ...page] })
    appended = appended.slice(page.length)
  }
  return mounts
}

/** Returns the first of `texts`, at most {@link BRANCHES_A_CALL}, that together take at most `room` bytes; at least one. */
function takeWhileFits(texts: readonly string[], separator: string, room: number): string[] {
  let length = -separator.length
  const beyond = texts.findIndex((text) => {
    length += separator.length + Buffer.byteLength(text)
    return length > room
  })
  return texts.slice(0, Math.min(beyond < 0 ? texts.length : Math.max(1, beyond), BRANCHES_A_CALL))
}
