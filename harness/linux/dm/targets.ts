/**
 * `struct dm_target_spec`: one line of a device's table, linux/dm-ioctl.h.
 *
 *     0  u64 sector_start     20  u32 next
 *     8  u64 length           24  char target_type[16]
 *    16  s32 status           40  parameters, ended by a zero, padded to 8 bytes
 */
import { readString } from './header.ts'

const SPEC_SIZE = 40
const TYPE_OFFSET = 24
/** `DM_MAX_TYPE_NAME`, with the terminating zero. */
const TYPE_LENGTH = 16
const ALIGNMENT = 8

/** Device mapper counts in these, whatever the disk's own sector size. Bytes. */
export const SECTOR = 512

/** A stretch of a device and what is behind it. */
export interface Target {
  /** Sectors. */
  start: number
  /** Sectors. */
  length: number
  type: string
  /** Parameters of the target in a table, its status in an answer. */
  parameters: string
}

/** The payload of DM_TABLE_LOAD: `next` counts from this spec's own start. */
export function encodeTargets(targets: readonly Target[]): Buffer {
  return Buffer.concat(targets.map(encodeTarget))
}

function encodeTarget(target: Target): Buffer {
  const parameters = Buffer.from(target.parameters)
  const size = Math.ceil((SPEC_SIZE + parameters.length + 1) / ALIGNMENT) * ALIGNMENT
  const spec = Buffer.alloc(size)
  spec.writeBigUInt64LE(BigInt(target.start), 0)
  spec.writeBigUInt64LE(BigInt(target.length), 8)
  spec.writeUInt32LE(size, 20)
  if (target.type.length >= TYPE_LENGTH) throw new RangeError(`no name of a target: ${target.type}`)
  spec.write(target.type, TYPE_OFFSET)
  spec.set(parameters, SPEC_SIZE)
  return spec
}

/** The answer to DM_TABLE_STATUS: `next` counts from the start of the first spec. */
export function decodeTargets(data: Buffer, count: number): Target[] {
  const targets: Target[] = []
  let at = 0
  while (targets.length < count) {
    targets.push({
      start: Number(data.readBigUInt64LE(at)),
      length: Number(data.readBigUInt64LE(at + 8)),
      type: readString(data, at + TYPE_OFFSET, at + TYPE_OFFSET + TYPE_LENGTH),
      parameters: readString(data, at + SPEC_SIZE),
    })
    at = data.readUInt32LE(at + 20)
  }
  return targets
}

const MESSAGE_TEXT_OFFSET = 8

/**
 * Encodes the payload of DM_TARGET_MSG to the target at the device's first sector: `struct dm_target_msg`, a u64 sector, then the
 * text, ended by a zero.
 */
export function encodeMessage(text: string): Buffer {
  const bytes = Buffer.from(text)
  const message = Buffer.alloc(MESSAGE_TEXT_OFFSET + bytes.length + 1)
  message.set(bytes, MESSAGE_TEXT_OFFSET)
  return message
}
