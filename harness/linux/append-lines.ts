/** Appends lines to a file so that a full or failing disk tears none of those that are there. */
import { fdatasyncSync, fstatSync, ftruncateSync, readSync, writeSync } from 'node:fs'

const NEWLINE = 0x0a
/** Bytes that are looked through at once. */
const PIECE = 1 << 16

/**
 * Returns what appends a text of whole lines to a file that was opened with `a+` and is not appended to by another process
 * meanwhile.
 *
 * The text is durable when the call returns. Where it throws what write(2) or fdatasync(2) threw, nothing of the text is
 * in the file; only where it cannot be cut off again either, a torn line stays, and the next text begins on a new line.
 */
export function lineAppender(fd: number): (text: string) => void {
  let torn = endsTorn(fd)
  return (text) => {
    const { size } = fstatSync(fd)
    const bytes = Buffer.from(torn ? `\n${text}` : text)
    let written = 0
    try {
      // write(2) writes a part where the disk has no room for the whole, and fails only when it is called again.
      while (written < bytes.length) written += writeSync(fd, bytes, written)
      fdatasyncSync(fd)
      torn = false
    } catch (error) {
      torn = !cutBack(fd, size) || torn
      throw error
    }
  }
}

/** Returns whether the last line has no end: the program or the machine was stopped while it was written. */
function endsTorn(fd: number): boolean {
  const { size } = fstatSync(fd)
  const last = Buffer.alloc(1)
  return size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== NEWLINE
}

function cutBack(fd: number, size: number): boolean {
  try {
    ftruncateSync(fd, size)
    fdatasyncSync(fd)
    return true
  } catch {
    return false
  }
}

/** Cuts off what follows the last newline of an open file, durably. A file without a newline becomes empty. */
export function cutTornLine(fd: number): void {
  const { size } = fstatSync(fd)
  const buffer = Buffer.alloc(PIECE)
  let end = size
  while (end > 0) {
    const from = Math.max(0, end - PIECE)
    const count = readSync(fd, buffer, 0, end - from, from)
    const last = buffer.lastIndexOf(NEWLINE, count - 1)
    if (count > 0 && last >= 0) {
      end = from + last + 1
      break
    }
    end = from
  }
  if (end === size) return
  ftruncateSync(fd, end)
  fdatasyncSync(fd)
}
