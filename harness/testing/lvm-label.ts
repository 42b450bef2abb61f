const SECTOR = 512
const CHECKED_FROM = 20

/** Returns the label of an LVM physical volume, for the second sector: lib/format_text/layout.h and lib/label/label.h of LVM2. */
export function lvmLabel(): Buffer {
  const label = Buffer.alloc(SECTOR)
  label.write('LABELONE', 0)
  label.writeBigUInt64LE(1n, 8)
  label.writeUInt32LE(32, 20)
  label.write('LVM2 001', 24)
  label.write('b'.repeat(32), 32)
  label.writeUInt32LE(checksumOf(label.subarray(CHECKED_FROM)), 16)
  return label
}

/** CRC-32 from LVM's own start value and without the last inversion: lib/misc/crc.c of LVM2. */
function checksumOf(bytes: Uint8Array): number {
  let crc = 0xf597a6cf
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return crc >>> 0
}
