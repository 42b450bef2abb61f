/** Requirements of the controller for building images. */
import { BenchError, ExitCode } from '../../contracts/error.ts'
import type { Host } from '../../contracts/host.ts'
import { isRoot } from '../../linux/privilege.ts'

/** Programs of a build and the Debian packages that hold those which not every machine has. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'apt-get': 'apt',
  busybox: 'busybox-static',
  depmod: 'kmod',
  dpkg: 'dpkg',
  'mkfs.ext4': 'e2fsprogs',
  mmdebstrap: 'mmdebstrap',
  modprobe: 'kmod',
  setpriv: 'util-linux',
  tar: 'tar',
  unshare: 'util-linux',
  xz: 'xz-utils',
}

/** @throws BenchError — this machine cannot build images, and why. */
export function checkMachine(host: Pick<Host, 'which'>): void {
  if (process.arch !== 'x64') throw notReady(`images of the lab are for x86-64, and this is ${process.arch}`)
  if (!isRoot()) throw notReady('images of the lab are built by root', 'run it with sudo')
  const missing = Object.keys(PROGRAMS).filter((program) => host.which(program) === null)
  if (missing.length === 0) return
  const packages = [...new Set(missing.map((program) => PROGRAMS[program]))].join(' ')
  throw notReady(
    `building an image of the lab needs ${missing.join(', ')}`,
    `on Debian: apt-get install ${packages}`,
  )
}

/** Something that this machine lacks for building images. */
export function notReady(message: string, hint?: string): BenchError {
  return new BenchError(message, {
    code: 'lab.not-ready',
    exitCode: ExitCode.hostNotReady,
    ...(hint === undefined ? {} : { hint }),
  })
}
