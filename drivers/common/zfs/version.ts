import type { Host } from '../../../harness/contracts/host.ts'

/** Returns the kernel's version and those of ZFS' programs and module, as zfs(8) prints them. */
export async function zfsVersion(host: Host): Promise<string> {
  const { stdout } = await host.run('zfs', ['version'])
  return `Linux ${host.kernelRelease}, ${stdout.trim().split('\n').join(', ')}`
}
