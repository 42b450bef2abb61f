import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BLOCK, openContent, seededChoice, seededNumbers, type ContentKey } from './content.ts'

const MIB = 1024 ** 2
const key: ContentKey = { seed: 1, identity: 'a', compressibility: 2.6 }

function bytes(content: ContentKey, length: number, offset = 0): Buffer {
  const buffer = Buffer.alloc(length)
  openContent(content)(buffer, offset)
  return buffer
}

describe('content', () => {
  it('is the same for the same key, and another for any other', () => {
    expect(bytes(key, 10_000)).toEqual(bytes({ ...key }, 10_000))
    expect(bytes(key, 64)).not.toEqual(bytes({ ...key, seed: 2 }, 64))
    expect(bytes(key, 64)).not.toEqual(bytes({ ...key, identity: 'b' }, 64))
  })

  it('gives any range without what lies before it', () => {
    const whole = bytes(key, 3 * MIB)
    fc.assert(
      fc.property(fc.nat(3 * MIB - 1), fc.nat(2 * MIB), (start, length) => {
        const end = Math.min(whole.length, start + length)
        return bytes(key, end - start, start).equals(whole.subarray(start, end))
      }),
      { numRuns: 60 },
    )
  })

  it.each([1, 1.5, 2.6, 4, 8])('compresses about %f : 1', (compressibility) => {
    const data = bytes({ ...key, compressibility }, 4 * MIB)
    const ratio = data.length / gzipSync(data).length
    expect(ratio).toBeGreaterThan(0.9 * compressibility)
    expect(ratio).toBeLessThan(1.1 * compressibility)
  })

  it.each([1, 2.6, 16])('has neither zero nor equal blocks at %f : 1', (compressibility) => {
    const content = { ...key, compressibility }
    const data = Buffer.concat([bytes(content, 4 * MIB), bytes({ ...content, identity: 'b' }, 4 * MIB)])
    const blocks = new Set<string>()
    for (let at = 0; at < data.length; at += BLOCK) blocks.add(data.toString('latin1', at, at + BLOCK))
    expect(blocks.size).toBe(data.length / BLOCK)
    expect(blocks.has('\0'.repeat(BLOCK))).toBe(false)
  })

  it('reaches far into a file at once', () => {
    const far = 2 ** 42 + 12_345
    expect(bytes(key, 100, far)).toEqual(bytes(key, 200, far - 100).subarray(100))
  })
})

describe('seeded choice', () => {
  it('is a repeatable sample without repetition', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (length, share) => {
          const count = Math.floor(length * share)
          const chosen = seededChoice(length, count, seededNumbers(3, 'test'))
          expect(new Set(chosen).size).toBe(count)
          expect(chosen.every((item) => item < length)).toBe(true)
          expect(seededChoice(length, count, seededNumbers(3, 'test'))).toEqual(chosen)
        },
      ),
    )
  })

  it('draws evenly', () => {
    const random = seededNumbers(5, 'mean')
    const draws = Array.from({ length: 20_000 }, random)
    const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length
    expect(mean).toBeCloseTo(0.5, 1)
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...draws)).toBeLessThan(1)
  })
})
