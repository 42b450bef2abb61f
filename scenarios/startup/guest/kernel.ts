/** The kernel of a virtual machine: the host's own, or the one that the user gives. */
import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { releaseOfKernel } from '../../../harness/linux/guest/kernel-release.ts'
import { noGuest } from './no-guest.ts'

/** Value of the parameter that takes the host's own. */
export const OWN_KERNEL = 'auto'

const HINT =
  'on Debian: apt-get install linux-image-amd64; or give bench run a kernel: --set startup.kernel=FILE'

export interface GuestKernel {
  file: string
  /** `uname -r` in the guest. */
  release: string
  /** Folder in which `lib/modules/RELEASE` lies. */
  root: string
}

/**
 * Returns the kernel and where its modules are. `host`: the release that runs here. `root`: in place of `/`. Throws
 * `scenario.no-guest` where there is none, or it has no modules.
 */
export async function findKernel(wanted: string, host: string, root = '/'): Promise<GuestKernel> {
  const file = wanted === OWN_KERNEL ? ownKernel(host, root) : resolve(wanted)
  if (!(statSync(file, { throwIfNoEntry: false })?.isFile() ?? false))
    throw noGuest(`there is no kernel ${file}`, HINT)
  const release = await releaseOfKernel(file)
  if (release === null) throw noGuest(`${file} is no kernel for x86-64`, HINT)
  // A package that was unpacked into a folder has both there.
  const roots = [dirname(dirname(file)), root]
  const found = roots.find((each) => existsSync(join(each, 'lib/modules', release, 'modules.dep')))
  if (found === undefined)
    throw noGuest(
      `kernel ${release} has no lib/modules/${release}/modules.dep below ${roots.join(' or ')}`,
      'depmod -b FOLDER RELEASE makes that file of the modules',
    )
  return { file, release, root: found }
}

/** Returns the path of the running kernel: of Debian, or of Fedora, Arch and openSUSE. */
function ownKernel(release: string, root: string): string {
  const places = [join(root, `boot/vmlinuz-${release}`), join(root, 'lib/modules', release, 'vmlinuz')]
  const found = places.find((place) => existsSync(place))
  if (found !== undefined) return found
  throw noGuest(`the running kernel is not at ${places.join(' or ')}`, HINT)
}
