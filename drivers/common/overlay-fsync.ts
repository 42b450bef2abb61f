/**
 * The mount option `fsync=` of the kernel's overlay: what a copy-up makes durable before it is done
 * (Documentation/filesystems/overlayfs.rst, "Durability and copy up"). Kernels without it know `volatile` alone (Linux 5.10).
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, ExitCode } from '../../harness/contracts/error.ts'
import type { Host } from '../../harness/contracts/host.ts'
import type { Condition } from '../../harness/contracts/snapshotter.ts'
import { errnoOf } from '../../harness/contracts/syscalls.ts'
import { choiceOption } from '../../harness/contracts/units.ts'
import { readMounts } from '../../harness/linux/mountinfo.ts'
import { removeTree } from './remove-tree.ts'

/** `kernel`: the option is not passed, and the kernel does what it does on its own. */
export const FSYNC_MODES = ['kernel', 'auto', 'strict', 'volatile'] as const
export type FsyncMode = (typeof FSYNC_MODES)[number]

export function fsyncOption() {
  return choiceOption(
    FSYNC_MODES,
    'kernel',
    'what a copy-up syncs; auto: data; strict: data, attributes and directories; volatile: nothing, and a crash loses the container layer; kernel: as the kernel does on its own',
  )
}

/** Returns the options of a writable mount. `volatile` is spelled as all kernels that have it understand it. */
export function fsyncMountOptions(mode: FsyncMode): readonly string[] {
  if (mode === 'kernel') return []
  return [mode === 'volatile' ? mode : `fsync=${mode}`]
}

/**
 * Returns the mode that a mount shows in the mount table: `volatile` and `fsync=volatile` are the same. Null where it shows
 * none: it is the kernel's default then, `auto` where the kernel knows the option (fs/overlayfs/params.c, ovl_show_options).
 */
export function shownFsyncMode(superOptions: string): FsyncMode | null {
  for (const option of superOptions.split(',')) {
    const mode = option === 'volatile' ? option : /^fsync=(.*)$/.exec(option)?.[1]
    const known = FSYNC_MODES.find((one) => one === mode)
    if (known !== undefined) return known
  }
  return null
}

/** Returns the mode that a mount had for the witness, and a failure where another was asked for. */
export function fsyncCondition(mode: FsyncMode, superOptions: string): Condition {
  if (mode === 'kernel') return {}
  const shown = shownFsyncMode(superOptions) ?? 'auto'
  if (shown === mode) return { details: { overlayFsync: shown } }
  return {
    failure: new BenchError(`overlay was mounted with fsync=${mode}, and the kernel shows ${shown}`, {
      code: 'witness.mount-option',
      exitCode: ExitCode.cellFailed,
    }),
  }
}

/**
 * Mounts an overlay with the option in a folder of its own on the backing and unmounts it. Throws `kernel.no-overlay-fsync`
 * where the kernel refuses the option or shows another.
 */
export async function requireFsyncMode(host: Host, mode: FsyncMode, backing: string): Promise<void> {
  if (mode === 'kernel') return
  const home = join(backing, 'fsync')
  const [lower = '', upper = '', work = '', target = ''] = ['l', 'u', 'w', 't'].map((name) =>
    join(home, name),
  )
  for (const folder of [lower, upper, work, target]) mkdirSync(folder, { recursive: true })
  const options = [`lowerdir=${lower}`, `upperdir=${upper}`, `workdir=${work}`, ...fsyncMountOptions(mode)]
  try {
    await host.mount([{ type: 'overlay', source: 'overlay', options }], target)
    const shown = readMounts().findLast((mount) => mount.target === target)?.superOptions ?? ''
    await host.unmount(target)
    const { failure } = fsyncCondition(mode, shown)
    if (failure !== undefined) throw noFsyncMode(host, mode, failure)
  } catch (error) {
    if (errnoOf(error) === 'EINVAL') throw noFsyncMode(host, mode, error)
    throw error
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

function noFsyncMode(host: Host, mode: FsyncMode, cause: unknown): BenchError {
  const option = mode === 'volatile' ? 'volatile' : `fsync=${mode}`
  return new BenchError(`overlay of this kernel (${host.kernelRelease}) has no mount option ${option}`, {
    code: 'kernel.no-overlay-fsync',
    hint:
      mode === 'volatile'
        ? 'boot Linux 5.10 or later, or omit the option'
        : 'boot Linux 7.0 or a stable kernel that has taken it over, or omit the option: overlay then syncs as the kernel decides',
    cause,
  })
}

/**
 * Makes a working directory ready to be mounted again. The kernel marks that of a volatile mount and refuses to mount it
 * again, since a crash in between might have lost some of the upper. The store does not outlive a crash, so the mark is
 * removed, as overlayfs.rst allows those who know that.
 */
export function renewVolatile(directory: string): void {
  const mark = join(directory, 'work', 'incompat', 'volatile')
  if (existsSync(mark)) removeTree(mark)
}
