import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changedBlocks, firstDifference } from './compare.ts'
import { BLOCK, type ContentKey } from './content.ts'
import { contentDigest, writeContent } from './files.ts'

const content: ContentKey = { seed: 3, identity: 'a file', compressibility: 2.6 }
/** More than one piece, and no whole number of blocks. */
const SIZE = 1024 ** 2 + 5 * BLOCK + 7

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-test-compare-'))
  file = join(folder, 'file')
  writeContent(file, content, SIZE, 0o644)
})
afterEach(() => rmSync(folder, { recursive: true }))

function flip(...offsets: readonly number[]): void {
  const bytes = readFileSync(file)
  for (const offset of offsets) bytes[offset] = (bytes[offset] ?? 0) ^ 1
  writeFileSync(file, bytes)
}

const anywhere = fc.nat(SIZE - 1)

describe('the first difference', () => {
  it('is none of a file as it was written, nor of one that was changed as foreseen', () => {
    expect(firstDifference(file, { content, size: SIZE })).toBeNull()
    flip(BLOCK)
    const change = (piece: Buffer, offset: number) => {
      if (offset === 0) piece[BLOCK] = (piece[BLOCK] ?? 0) ^ 1
    }
    expect(firstDifference(file, { content, size: SIZE, change })).toBeNull()
    expect(firstDifference(file, { content, size: SIZE })).toBe(BLOCK)
  })

  it('is the lowest of those that there are', () => {
    fc.assert(
      fc.property(anywhere, anywhere, (one, other) => {
        fc.pre(one !== other)
        flip(one, other)
        expect(firstDifference(file, { content, size: SIZE })).toBe(Math.min(one, other))
        flip(one, other)
      }),
      { numRuns: 10 },
    )
  })

  it('is looked for in the parts alone, and in the length', () => {
    flip(3 * BLOCK)
    const within = (offset: number, length: number) =>
      firstDifference(file, { content, size: SIZE }, [{ offset, length }])
    expect(within(0, 3 * BLOCK)).toBeNull()
    expect(within(3 * BLOCK, BLOCK)).toBe(3 * BLOCK)
    expect(within(4 * BLOCK, SIZE)).toBeNull()
    appendFileSync(file, 'x')
    expect(within(0, BLOCK)).toBe(SIZE)
    truncateSync(file, 9)
    expect(within(0, BLOCK)).toBe(9)
  })
})

describe('changed blocks', () => {
  it('are those that hold a changed byte, in order; what is shown is the whole file', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anywhere, { maxLength: 5 }), (offsets) => {
        flip(...offsets)
        const seen: Buffer[] = []
        const changed = changedBlocks(file, { content, size: SIZE }, (piece) => seen.push(Buffer.from(piece)))
        const blocks = new Set(offsets.map((offset) => offset - (offset % BLOCK)))
        expect(changed).toEqual([...blocks].toSorted((a, b) => a - b))
        expect(Buffer.concat(seen).equals(readFileSync(file))).toBe(true)
        flip(...offsets)
      }),
      { numRuns: 10 },
    )
  })

  it('are also those that are gone', () => {
    truncateSync(file, SIZE - BLOCK - 7)
    const changed = changedBlocks(file, { content, size: SIZE }, () => undefined)
    expect(changed).toEqual([SIZE - 7 - BLOCK, SIZE - 7])
  })
})

it('a file that is written again has the same bytes, and the digest of them', () => {
  const again = join(folder, 'again')
  expect(writeContent(again, content, SIZE, 0o600)).toBe(contentDigest(content, SIZE))
  expect(firstDifference(again, { content, size: SIZE })).toBeNull()
})
