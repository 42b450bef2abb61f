/**
 * The parameters of the overlay module: defaults of a mount that a distribution or an administrator may have set
 * (Documentation/filesystems/overlayfs.rst).
 */
import { readFileSync } from 'node:fs'

export const OVERLAY_PARAMETERS = '/sys/module/overlay/parameters'

const PARAMETERS: Readonly<Record<string, { file: string; yes: string }>> = {
  redirect_dir: { file: 'redirect_dir', yes: 'on' },
  metacopy: { file: 'metacopy', yes: 'on' },
  index: { file: 'index', yes: 'on' },
  xino: { file: 'xino_auto', yes: 'auto' },
}

/** Returns what an option is where a mount does not give it. Off where the kernel is older than the option, and would refuse its name. */
export function kernelDefault(folder: string, name: string): string {
  const parameter = PARAMETERS[name]
  if (parameter === undefined) return 'off'
  try {
    return readFileSync(`${folder}/${parameter.file}`, 'utf8').startsWith('Y') ? parameter.yes : 'off'
  } catch {
    return 'off'
  }
}

/**
 * Returns the options that a mount has, by name. The mount table shows those that differ from the module's defaults
 * (fs/overlayfs/params.c, ovl_show_options); the others have these.
 */
export function overlayOptionsOf(
  superOptions: string,
  folder = OVERLAY_PARAMETERS,
): Readonly<Record<string, string>> {
  const options = superOptions.split(',')
  const shown = (name: string) =>
    options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1)
  return Object.fromEntries(
    Object.keys(PARAMETERS).map((name) => [name, shown(name) ?? kernelDefault(folder, name)]),
  )
}

/** Options that say how an overlay stacks, of those that the mount table shows beside the directories (fs/overlayfs/params.c). */
const STACKING = new Set([
  ...Object.keys(PARAMETERS),
  'default_permissions',
  'fsync',
  'nfs_export',
  'userxattr',
  'verity',
  'volatile',
])

export interface OverlayDifference {
  /** `metacopy=on`, `userxattr`: as the mount has it. */
  option: string
  /** `kernel`: a parameter of the module is the default that was taken. `mount`: it was given with the mount. `nobody`: it was asked for, and is off. */
  by: 'kernel' | 'mount' | 'nobody'
}

/**
 * Returns what a mount has otherwise than it should. `asked`: the options that are to differ from off, `volatile: 'on'`; all others
 * are to be off, as bench's own drivers mount.
 */
export function overlayDifferences(
  superOptions: string,
  asked: Readonly<Record<string, string>> = {},
  folder = OVERLAY_PARAMETERS,
): OverlayDifference[] {
  const defaults = Object.keys(PARAMETERS).map((name) => [name, kernelDefault(folder, name)] as const)
  const shown = superOptions.split(',').map(nameAndValue)
  const mounted = new Map([...defaults, ...shown.filter(([name]) => STACKING.has(name))])
  const names = [...new Set([...mounted.keys(), ...Object.keys(asked)])]
  return names.flatMap((name): OverlayDifference[] => {
    const value = mounted.get(name) ?? 'off'
    if (value === (asked[name] ?? 'off')) return []
    const option = (is = '') => (FLAGS.has(name) ? name : `${name}=${is}`)
    if (value === 'off') return [{ option: option(asked[name]), by: 'nobody' }]
    return [{ option: option(value), by: value === kernelDefault(folder, name) ? 'kernel' : 'mount' }]
  })
}

/** Options without a value. */
const FLAGS = new Set(['default_permissions', 'userxattr', 'volatile'])

/** Returns an option as the names above have it: `fsync=volatile` and `volatile` are the same, and some values mean off. */
function nameAndValue(option: string): readonly [name: string, value: string] {
  const [name = '', value = 'on'] = option.split('=')
  if (name === 'fsync' && value === 'volatile') return ['volatile', 'on']
  return [name, OFF.has(option) ? 'off' : value]
}

/** What an overlay does that has neither `fsync=` nor `redirect_dir=`, by name. */
const OFF = new Set(['fsync=auto', 'redirect_dir=follow', 'redirect_dir=nofollow'])
