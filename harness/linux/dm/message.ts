/** `struct dm_target_msg`: u64 sector, then the text, ended by a zero; linux/dm-ioctl.h. */

const TEXT_OFFSET = 8

/** The payload of DM_TARGET_MSG to the target at the device's first sector. */
export function encodeMessage(text: string): Buffer {
  const bytes = Buffer.from(text)
  const message = Buffer.alloc(TEXT_OFFSET + bytes.length + 1)
  message.set(bytes, TEXT_OFFSET)
  return message
}
