import { open } from 'node:fs/promises'

/** Bytes of the boot sector and the set-up code, which contain the text: 64 sectors at most. */
const SETUP_BYTES = 65 * 512

/**
 * `uname -r` of an x86 kernel image, or null where the file is none. The boot protocol's header begins with `HdrS` at
 * 0x202, and its field `kernel_version` at 0x20e points to a text, counted from 0x200
 * (Documentation/arch/x86/boot.rst).
 */
export async function releaseOfKernel(file: string): Promise<string | null> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(SETUP_BYTES), 0, SETUP_BYTES, 0)
    if (bytesRead < 0x210 || buffer.toString('latin1', 0x202, 0x206) !== 'HdrS') return null
    const start = 0x200 + buffer.readUInt16LE(0x20e)
    return buffer.toString('latin1', start, bytesRead).split(/[\s\0]/, 1)[0] || null
  } finally {
    await handle.close()
  }
}
