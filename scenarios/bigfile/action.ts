/** Actions of a touch in the `write` phase, prepared beforehand, and the content that the file must then have. */
import { chmodSync, ftruncateSync, writeSync } from 'node:fs'
import type { Host } from '../../harness/contracts/host.ts'
import type { ChangeKind } from '../common/evidence.ts'
import { BLOCK, openContent, type Content, type ContentKey } from '../dataset/content.ts'
import type { Change } from '../dataset/files.ts'
import type { BigfileParams } from './params.ts'
import { planBlocks } from './blocks.ts'

export const CHANGED_MODE = 0o600

export interface Action {
  /** The `write` phase; null where a touch has none. `fd` is −1 for a touch that opens nothing. */
  write: ((fd: number) => void) | null
  /** Whether the file is opened for writing first: the `open` phase. */
  opens: boolean
  kind: ChangeKind
  /** Bytes of the file's old content that are rewritten. */
  rewritten: number
  /** Bytes that were asked to be changed; null where none were. */
  bytesChanged: number | null
  /** Bytes that the file holds afterwards. */
  size: number
  /** Makes of the old content the new one. */
  change: Change
  /** Offsets of the rewritten blocks of the old content, including the second write's, in order. */
  changedBlocks(): readonly number[]
  /** Position of the byte that phase `second-write` changes; null if the touch has no such phase. */
  second: Edit | null
}

/** One byte, changed to what it was not. */
export interface Edit {
  offset: number
  value: number
}

export function prepareAction(
  { size, touch }: BigfileParams,
  content: Content,
  fresh: ContentKey,
  host: Host,
  path: string,
): Action {
  const middle = flipped(content, blockStart(size / 2))
  const second = flipped(content, blockStart(size / 4))
  const written = { opens: true, kind: 'data', size, second, changedBlocks: () => [second.offset] } as const
  const both = () => [second.offset, middle.offset]
  const unchanged: Change = () => undefined
  const none = () => []

  switch (touch.kind) {
    case 'byte':
      return {
        ...written,
        write: (fd) => putByte(fd, middle),
        rewritten: 1,
        bytesChanged: 1,
        change: editing(middle),
        changedBlocks: both,
      }
    case 'mmap':
      return {
        ...written,
        write: (fd) => host.syscalls.mmapStore(fd, middle.offset, middle.value),
        rewritten: 1,
        bytesChanged: 1,
        change: editing(middle),
        changedBlocks: both,
      }
    case 'append': {
      // The content's stream goes on, so the longer file is a longer beginning of it.
      const next = { offset: size, value: byteAt(content, size) }
      const write = (fd: number) => putByte(fd, next)
      return { ...written, write, rewritten: 0, bytesChanged: 1, size: size + 1, change: unchanged }
    }
    case 'truncate': {
      const half = blockStart(size / 2)
      const write = (fd: number) => ftruncateSync(fd, half)
      return {
        ...written,
        write,
        kind: 'metadata',
        rewritten: 0,
        bytesChanged: null,
        size: half,
        change: unchanged,
      }
    }
    case 'fraction': {
      const blocks = planBlocks(size, touch.share, fresh)
      return {
        ...written,
        write: blocks.write,
        rewritten: blocks.bytes,
        bytesChanged: blocks.bytes,
        change: blocks.change,
        changedBlocks: blocks.changed,
        second: null,
      }
    }
    case 'open':
      return {
        ...written,
        write: null,
        kind: 'none',
        rewritten: 0,
        bytesChanged: null,
        change: unchanged,
        changedBlocks: none,
        second: null,
      }
    case 'chmod':
      return {
        write: () => chmodSync(path, CHANGED_MODE),
        opens: false,
        kind: 'metadata',
        rewritten: 0,
        bytesChanged: null,
        size,
        change: unchanged,
        changedBlocks: none,
        second: null,
      }
  }
}

const one = Buffer.alloc(1)

/** pwrite(2) of one byte. */
export function putByte(fd: number, edit: Edit): void {
  one[0] = edit.value
  writeSync(fd, one, 0, 1, edit.offset)
}

export function editing(edit: Edit): Change {
  return (piece, offset) => {
    const at = edit.offset - offset
    if (at >= 0 && at < piece.length) piece[at] = edit.value
  }
}

/** Returns every bit of the byte turned over, so that it surely changes. */
function flipped(content: Content, offset: number): Edit {
  return { offset, value: byteAt(content, offset) ^ 0xff }
}

function byteAt(content: Content, offset: number): number {
  const byte = Buffer.alloc(1)
  openContent(content)(byte, offset)
  return byte.readUInt8()
}

function blockStart(offset: number): number {
  return Math.floor(offset / BLOCK) * BLOCK
}
