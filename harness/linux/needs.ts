import type { Backing, DriverConfig, DriverMeta } from '../contracts/driver.ts'
import type { Needs } from '../contracts/needs.ts'

/** Needs of each backing: the file system in the kernel, and the programs that make it. */
export const BACKING_NEEDS: Readonly<Record<Backing, Needs>> = {
  ext4: { filesystems: ['ext4'], programs: [{ name: 'mkfs.ext4', version: '-V' }] },
  xfs: { filesystems: ['xfs'], programs: [{ name: 'mkfs.xfs', version: '-V' }] },
  btrfs: { filesystems: ['btrfs'], programs: [{ name: 'mkfs.btrfs', version: '--version' }] },
  zfs: {
    // It has no alias by which mounting a file system of it would load it.
    modules: ['zfs'],
    filesystems: ['zfs'],
    programs: [{ name: 'zpool' }, { name: 'zfs', version: 'version' }, { name: 'zdb' }],
    hint: 'install OpenZFS: zfsutils-linux and, where the kernel has no module of it, zfs-dkms; Debian has both in contrib',
  },
}

/**
 * Returns what a configuration needs: the driver's own, that of the options chosen, that of its backing. The canonical notation
 * holds each value that is not its option's default.
 */
export function needsOf<Options>(
  { needs }: Pick<DriverMeta<Options>, 'needs'>,
  { text, backing }: Pick<DriverConfig, 'text' | 'backing'>,
): Needs[] {
  const [, ...chosen] = text.replace(/#.*$/, '').split('+')
  const ofOptions = Object.entries(needs.options ?? {}).filter(([option]) => chosen.includes(option))
  return [needs, ...ofOptions.map(([, part]) => part), BACKING_NEEDS[backing]]
}

/** Returns all that any configuration of a driver needs: its own, that of its options, that of its backings. */
export function allNeeds({ needs, backings }: Pick<DriverMeta, 'needs' | 'backings'>): Needs[] {
  return [needs, ...Object.values(needs.options ?? {}), ...backings.map((backing) => BACKING_NEEDS[backing])]
}
