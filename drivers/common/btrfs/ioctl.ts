/**
 * The btrfs ioctls that the driver uses, in-process: `btrfs subvolume snapshot` would fork for each.
 * Layouts and numbers: linux/btrfs.h.
 */
import type { Syscalls } from '../../../harness/contracts/syscalls.ts'

// struct btrfs_ioctl_vol_args { s64 fd; char name[4088]; }
const SUBVOL_CREATE = 0x5000940e
const SNAP_DESTROY = 0x5000940f
const VOL_ARGS_SIZE = 4096
const VOL_ARGS_NAME = 8

// struct btrfs_ioctl_vol_args_v2 { s64 fd; u64 transid; u64 flags; u64 unused[4]; char name[4040]; }
const SNAP_CREATE_V2 = 0x50009417
const VOL_ARGS_V2_FLAGS = 16
const VOL_ARGS_V2_NAME = 56

const SUBVOL_SETFLAGS = 0x4008941a
const SUBVOL_RDONLY = 2n

// struct btrfs_ioctl_quota_ctl_args { u64 cmd; u64 status; }
const QUOTA_CTL = 0xc0109428
const QUOTA_CTL_ENABLE = 1n
const QUOTA_RESCAN_WAIT = 0x942e

// struct btrfs_ioctl_qgroup_create_args { u64 create; u64 qgroupid; }
const QGROUP_CREATE = 0x4010942a

// struct btrfs_ioctl_get_subvol_info_args: treeid first; name[256], parent_id, dirid, generation, flags, three
// UUIDs and ctransid stand before otransid.
const GET_SUBVOL_INFO = 0x81f8943c
const SUBVOL_INFO_SIZE = 504
const SUBVOL_INFO_OTRANSID = 8 + 256 + 8 + 8 + 8 + 8 + 3 * 16 + 8

/** Makes an empty subvolume `name` in the directory `fd`. */
export function createSubvolume(syscalls: Syscalls, fd: number, name: string): void {
  syscalls.ioctl(fd, SUBVOL_CREATE, volArgs(name))
}

/** Makes `name` in the directory `fd` a snapshot of the subvolume whose root directory `source` is. */
export function createSnapshot(
  syscalls: Syscalls,
  fd: number,
  name: string,
  source: number,
  readOnly: boolean,
): void {
  const argument = Buffer.alloc(VOL_ARGS_SIZE)
  argument.writeBigInt64LE(BigInt(source), 0)
  argument.writeBigUInt64LE(readOnly ? SUBVOL_RDONLY : 0n, VOL_ARGS_V2_FLAGS)
  argument.write(name, VOL_ARGS_V2_NAME)
  syscalls.ioctl(fd, SNAP_CREATE_V2, argument)
}

/** Deletes the subvolume `name` of the directory `fd`: gone at once, its space follows in the background. */
export function destroySubvolume(syscalls: Syscalls, fd: number, name: string): void {
  syscalls.ioctl(fd, SNAP_DESTROY, volArgs(name))
}

/** Makes the subvolume read-only. `fd` is its root directory. */
export function setReadOnly(syscalls: Syscalls, fd: number): void {
  const flags = Buffer.alloc(8)
  flags.writeBigUInt64LE(SUBVOL_RDONLY)
  syscalls.ioctl(fd, SUBVOL_SETFLAGS, flags)
}

/** Starts to account by subvolume, and waits until what exists is counted. */
export function enableQuota(syscalls: Syscalls, fd: number): void {
  const argument = Buffer.alloc(16)
  argument.writeBigUInt64LE(QUOTA_CTL_ENABLE)
  syscalls.ioctl(fd, QUOTA_CTL, argument)
  syscalls.ioctlInt(fd, QUOTA_RESCAN_WAIT, 0)
}

/** Deletes the quota group of a subvolume that is gone. */
export function destroyQuotaGroup(syscalls: Syscalls, fd: number, treeId: bigint): void {
  const argument = Buffer.alloc(16)
  argument.writeBigUInt64LE(treeId, 8)
  syscalls.ioctl(fd, QGROUP_CREATE, argument)
}

export interface SubvolumeInfo {
  treeId: bigint
  /** The transaction in which it was made: what is younger is its own. */
  created: bigint
}

/** About the subvolume that `fd` lies in. Linux 4.18 and later. */
export function subvolumeInfo(syscalls: Syscalls, fd: number): SubvolumeInfo {
  const info = Buffer.alloc(SUBVOL_INFO_SIZE)
  syscalls.ioctl(fd, GET_SUBVOL_INFO, info)
  return { treeId: info.readBigUInt64LE(0), created: info.readBigUInt64LE(SUBVOL_INFO_OTRANSID) }
}

function volArgs(name: string): Buffer {
  const argument = Buffer.alloc(VOL_ARGS_SIZE)
  argument.write(name, VOL_ARGS_NAME)
  return argument
}
