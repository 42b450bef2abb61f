import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeTargets, encodeTargets, type Target, encodeMessage } from './targets.ts'

const target: fc.Arbitrary<Target> = fc.record({
  start: fc.nat(),
  length: fc.nat(),
  type: fc.stringMatching(/^[a-z-]{1,15}$/),
  parameters: fc.stringMatching(/^[ -~]{0,60}$/),
})

/** The kernel counts `next` from the first spec where the request counts it from the spec itself. */
function asAnswer(request: Buffer): Buffer {
  const answer = Buffer.from(request)
  for (let at = 0; at < answer.length;) {
    const end = at + request.readUInt32LE(at + 20)
    answer.writeUInt32LE(end, at + 20)
    at = end
  }
  return answer
}

describe('struct dm_target_spec', () => {
  test('what is encoded is decoded', () => {
    fc.assert(
      fc.property(fc.array(target, { maxLength: 5 }), (targets) => {
        expect(decodeTargets(asAnswer(encodeTargets(targets)), targets.length)).toEqual(targets)
      }),
    )
  })

  test('every spec is aligned to 8 bytes, and its parameters end with a zero', () => {
    fc.assert(
      fc.property(target, (one) => {
        const spec = encodeTargets([one])
        expect(spec.length % 8).toBe(0)
        expect(spec.readUInt32LE(20)).toBe(spec.length)
        expect(spec.at(-1)).toBe(0)
      }),
    )
  })

  test('a type that does not fit is refused', () => {
    const one = { start: 0, length: 1, type: 'sixteen-letters-', parameters: '' }
    expect(() => encodeTargets([one])).toThrow(RangeError)
  })
})

test('a message is a sector, the text and a zero', () => {
  expect(encodeMessage('delete 7')).toEqual(Buffer.from('\0\0\0\0\0\0\0\0delete 7\0'))
})
