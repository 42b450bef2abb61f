/** The downloaded part of a host's run: its samples, each piece durable before the next is taken, and its run.json. */
import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError } from '../../contracts/error.ts'
import { onUserPath } from '../../contracts/host-error.ts'
import type { Run } from '../../contracts/run.ts'
import { lineAppender } from '../../linux/append-lines.ts'
import { RUN_FILE, SAMPLES_FILE, writeRun } from '../../results/run-folder.ts'
import { makeFolders } from '../../linux/make-folders.ts'

export interface HostStore extends Disposable {
  /** Bytes of samples that are here: those from this one on are to be asked for. */
  readonly length: number
  /** Samples that are here. */
  readonly samples: number
  /**
   * Appends whole lines that begin at this byte of the host's file; durable when it returns. Throws
   * `fleet.samples-offset` unless that is the first byte that is not here.
   */
  append(offset: number, text: string): void
  writeRun(run: Run): void
}

const NEWLINE = 0x0a
const CHUNK = 1 << 20

/** Opens the run folder of a host, or makes it. Half a line at the end, which a kill may leave, is cut off. */
export function openHostStore(folder: string): HostStore {
  makeFolders(folder)
  const fd = onUserPath(() => openSync(join(folder, SAMPLES_FILE), 'a+'))
  let { length, lines } = wholeLinesOf(fd)
  ftruncateSync(fd, length)
  const append = lineAppender(fd)
  return {
    get length() {
      return length
    },
    get samples() {
      return lines
    },
    append(offset, text) {
      if (offset !== length) {
        throw new BenchError(`expected samples from byte ${length}, got byte ${offset}`, {
          code: 'fleet.samples-offset',
        })
      }
      append(text)
      length += Buffer.byteLength(text)
      lines += text.split('\n').length - 1
    },
    writeRun: (run) => writeRun(folder, run),
    [Symbol.dispose]() {
      closeSync(fd)
      // Nothing was measured: an empty folder would look like a run.
      if (length === 0 && !existsSync(join(folder, RUN_FILE))) rmSync(folder, { recursive: true })
    },
  }
}

/** Samples of a host that came home: none where nothing did. */
export function countSamples(folder: string): number {
  const path = join(folder, SAMPLES_FILE)
  if (!existsSync(path)) return 0
  const fd = onUserPath(() => openSync(path, 'r'))
  try {
    return wholeLinesOf(fd).lines
  } finally {
    closeSync(fd)
  }
}

/** How many bytes of the file are whole lines, and how many lines those are. */
function wholeLinesOf(fd: number): { length: number; lines: number } {
  const { size } = fstatSync(fd)
  const buffer = Buffer.allocUnsafe(CHUNK)
  let length = 0
  let lines = 0
  for (let at = 0; at < size;) {
    const count = readSync(fd, buffer, 0, CHUNK, at)
    for (let i = buffer.indexOf(NEWLINE); i >= 0 && i < count; i = buffer.indexOf(NEWLINE, i + 1)) {
      length = at + i + 1
      lines += 1
    }
    at += count
  }
  return { length, lines }
}
