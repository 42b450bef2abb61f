/**
 * `struct dm_ioctl`, with which every request to device mapper and every answer begins: linux/dm-ioctl.h.
 *
 *     0  u32 version[3]      28  u32 flags        48  char name[128]
 *    12  u32 data_size       32  u32 event_nr    176  char uuid[129]
 *    16  u32 data_start      36  u32 padding     305  char data[7]
 *    20  u32 target_count    40  u64 dev         312
 *    24  s32 open_count
 */

/** Bytes of the structure. */
export const HEADER_SIZE = 312

/** `DM_NAME_LEN`, with the terminating zero. */
const NAME_LENGTH = 128
const NAME_OFFSET = 48

/**
 * The version of the interface that requests are written for. The kernel refuses another major and a minor above
 * its own; all that is used here is in 4.0.0.
 */
const INTERFACE_VERSION = [4, 0, 0] as const

/** Bits of `flags`. */
export const DmFlag = {
  /** Asks for the tables where the status is the default. */
  statusTable: 1 << 4,
  /** The buffer was too small for the whole answer. */
  bufferFull: 1 << 8,
} as const

export interface Request {
  /** The device that is meant; none for questions about device mapper itself. */
  name?: string
  flags?: number
  /** How many `dm_target_spec` follow. */
  targetCount?: number
  /** Value that udev's rules see as DM_COOKIE. */
  eventNumber?: number
  /** Data after the header. */
  payload?: Uint8Array
}

export interface Header {
  version: readonly [major: number, minor: number, patch: number]
  dataSize: number
  dataStart: number
  targetCount: number
  openCount: number
  flags: number
  eventNumber: number
  /** Device number in the kernel's encoding; see `deviceNumber`. */
  dev: number
  name: string
}

/** A buffer of at least `capacity` bytes, which the kernel's answer is written into as well. */
export function encodeRequest(request: Request, capacity = 0): Buffer {
  const payload = request.payload ?? Buffer.alloc(0)
  const buffer = Buffer.alloc(Math.max(HEADER_SIZE + payload.length, capacity))
  INTERFACE_VERSION.forEach((part, index) => buffer.writeUInt32LE(part, index * 4))
  buffer.writeUInt32LE(buffer.length, 12)
  buffer.writeUInt32LE(HEADER_SIZE, 16)
  buffer.writeUInt32LE(request.targetCount ?? 0, 20)
  buffer.writeUInt32LE(request.flags ?? 0, 28)
  buffer.writeUInt32LE(request.eventNumber ?? 0, 32)
  writeName(buffer, request.name ?? '')
  buffer.set(payload, HEADER_SIZE)
  return buffer
}

export function decodeHeader(buffer: Buffer): Header {
  return {
    version: [buffer.readUInt32LE(0), buffer.readUInt32LE(4), buffer.readUInt32LE(8)],
    dataSize: buffer.readUInt32LE(12),
    dataStart: buffer.readUInt32LE(16),
    targetCount: buffer.readUInt32LE(20),
    openCount: buffer.readInt32LE(24),
    flags: buffer.readUInt32LE(28),
    eventNumber: buffer.readUInt32LE(32),
    dev: Number(buffer.readBigUInt64LE(40)),
    name: readString(buffer, NAME_OFFSET, NAME_OFFSET + NAME_LENGTH),
  }
}

/** Returns the data after the header of an answer. */
export function answerData(buffer: Buffer): Buffer {
  const { dataStart, dataSize } = decodeHeader(buffer)
  return buffer.subarray(dataStart, dataSize)
}

/** The text from `start` up to the terminating zero, or to `end`. */
export function readString(buffer: Buffer, start: number, end = buffer.length): string {
  const zero = buffer.indexOf(0, start)
  return buffer.toString('utf8', start, zero < 0 ? end : Math.min(zero, end))
}

function writeName(buffer: Buffer, name: string): void {
  const bytes = Buffer.from(name)
  if (bytes.length >= NAME_LENGTH || name.includes('/') || name.includes('\0')) {
    throw new RangeError(`no name for a device-mapper device: ${name}`)
  }
  buffer.set(bytes, NAME_OFFSET)
}
