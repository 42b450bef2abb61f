/** Appends lines to a file so that a full or failing disk tears none of those that are there. */
import { fdatasyncSync, fstatSync, ftruncateSync, readSync, writeSync } from 'node:fs'

const NEWLINE = 0x0a

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
