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

/** Returns the options that are on by a parameter of the kernel and are off in a mount that gives none: `metacopy=on`. */
export function setByKernel(superOptions: string, folder = OVERLAY_PARAMETERS): string[] {
  const mounted = overlayOptionsOf(superOptions, folder)
  return Object.entries(mounted)
    .filter(([name, value]) => value !== 'off' && value === kernelDefault(folder, name))
    .map(([name, value]) => `${name}=${value}`)
}
