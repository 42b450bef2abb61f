/** Has this kernel ZFS, and this host its programs? Asked first, so that the answer names what is missing. */
import type { Support } from '../../../harness/contracts/driver.ts'
import type { Host } from '../../../harness/contracts/host.ts'

const PROGRAMS = ['zpool', 'zfs', 'zdb']
const HINT =
  'install OpenZFS: zfsutils-linux and, where the kernel has no module of it, zfs-dkms; Debian has both in contrib'

/** A supported host is told with its version of ZFS. */
export async function probeZfs(host: Host): Promise<Support> {
  // The module has no alias by which mounting a file system of it would load it.
  if (host.which('modprobe') !== null) await host.run('modprobe', ['--quiet', 'zfs'], { accept: [0, 1] })
  if (!(await host.hasFilesystem('zfs'))) {
    return {
      ok: false,
      code: 'kernel.no-filesystem',
      reason: `this kernel (${host.kernelRelease}) has no zfs`,
      hint: HINT,
    }
  }
  const missing = PROGRAMS.filter((program) => host.which(program) === null)
  if (missing.length > 0) {
    return {
      ok: false,
      code: 'host.no-program',
      reason: `${missing.join(', ')} not installed`,
      hint: HINT,
    }
  }
  const { stdout } = await host.run('zfs', ['version'])
  return { ok: true, version: `Linux ${host.kernelRelease}, ${stdout.trim().split('\n').join(', ')}` }
}
