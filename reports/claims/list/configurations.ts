/** Configurations that claims are about. */
export const OVERLAY = 'overlay2@ext4'
export const OVERLAY_XFS = 'overlay2@xfs'
export const BTRFS = 'btrfs'
export const BLOCKCOW = 'blockcow@ext4'
export const VFS = 'vfs@ext4'
export const FUSE = 'fuse-overlayfs@ext4'
export const METACOPY = 'overlay2@ext4+metacopy=on'
export const VOLATILE = 'overlay2@ext4+fsync=volatile'
export const REDIRECT = 'overlay2@ext4+redirect_dir=on'
export const BARE = 'bare@ext4'
export const AUFS = 'aufs@ext4'
export const DEVICE_MAPPER = 'devicemapper@ext4'
export const ZFS = 'zfs'

/** Drivers that copy blocks, of which at least one runs anywhere. */
export const BLOCK_LEVEL = [BTRFS, BLOCKCOW, DEVICE_MAPPER, ZFS] as const
