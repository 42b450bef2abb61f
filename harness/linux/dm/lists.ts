/** Decoders of device mapper's lists: linux/dm-ioctl.h. */
import { readString } from './header.ts'

export interface NamedDevice {
  name: string
  /** Device number in the kernel's encoding. */
  dev: number
}

export interface TargetVersion {
  /** `thin-pool` */
  name: string
  /** `1.22.0` */
  version: string
}

/** `struct dm_name_list`: u64 dev, u32 next (from the start of this one; 0: the last), the name. */
export function decodeNames(data: Buffer): NamedDevice[] {
  // Without any device the kernel answers one record whose dev is 0.
  if (data.readBigUInt64LE(0) === 0n) return []
  return records(data, 8).map((at) => ({
    name: readString(data, at + 12),
    dev: Number(data.readBigUInt64LE(at)),
  }))
}

/** `struct dm_target_versions`: u32 next (from the start of this one; 0: the last), u32 version[3], the name. */
export function decodeVersions(data: Buffer): TargetVersion[] {
  return records(data, 0).map((at) => ({
    name: readString(data, at + 16),
    version: [4, 8, 12].map((offset) => data.readUInt32LE(at + offset)).join('.'),
  }))
}

/** Returns the offsets of the records that are chained by `next`, a field at this offset in each. */
function records(data: Buffer, nextOffset: number): number[] {
  const starts = [0]
  for (
    let at = 0, next = data.readUInt32LE(nextOffset);
    next !== 0;
    next = data.readUInt32LE(at + nextOffset)
  ) {
    at += next
    starts.push(at)
  }
  return starts
}
