/** Words that all of an archive's blocks share: their size, their numbers, and what is wrong with one. */
import { BenchError } from '../../../harness/contracts/error.ts'

/** Bytes: headers and contents are padded to it. */
export const TAR_BLOCK = 512

/** PAX records by their key. */
export type Records = ReadonlyMap<string, Buffer>

/** Octal digits, or GNU's: a first byte of 128 and the number in the others, of which the last six are read. */
export function decodeNumber(block: Buffer, at: number, length: number): number {
  if (block[at] === 0x80) return block.readUIntBE(at + length - 6, 6)
  const text = block
    .toString('latin1', at, at + length)
    .replace(/[\0 ]+$/, '')
    .trim()
  if (!/^[0-7]*$/.test(text))
    throw archiveError('number', `a header has a broken number: ${JSON.stringify(text)}`)
  return text === '' ? 0 : Number.parseInt(text, 8)
}

/** An archive that is no archive, or holds what may not be unpacked. */
export function archiveError(code: string, message: string): BenchError {
  return new BenchError(message, { code: `archive.${code}` })
}
