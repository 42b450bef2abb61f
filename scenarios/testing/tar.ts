/** A tar archive in memory. */
import { encodeHeader, paddingOf, type TarEntry } from '../common/archive/header.ts'
import { TAR_BLOCK } from '../common/archive/block.ts'

export interface Part {
  entry: TarEntry
  content: Buffer | string
}

/** Returns the archive of these entries, in order. */
export function archiveOf(parts: readonly Part[]): Buffer {
  const blocks = parts.flatMap(({ entry, content }) => {
    const bytes = Buffer.from(content)
    return [encodeHeader(entry), bytes, Buffer.alloc(paddingOf(bytes.length))]
  })
  return Buffer.concat([...blocks, Buffer.alloc(2 * TAR_BLOCK)])
}
