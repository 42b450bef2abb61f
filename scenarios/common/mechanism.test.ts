import { describe, expect, it } from 'vitest'
import type { Provenance } from '../../harness/contracts/snapshotter.ts'
import { mechanismOf, type Evidence } from './mechanism.ts'

const MIB = 1024 ** 2
const SIZE = 64 * MIB

const at = (
  layer: Provenance['layer'],
  sharedBytes: number | null,
  exclusiveBytes: number | null,
): Provenance => ({
  layer,
  sharedBytes,
  exclusiveBytes,
})

/** One byte of a 64 MiB file under a union on a file system that cannot clone. */
const copiedUp: Evidence = {
  path: 'big',
  cowUnit: 'file',
  change: 'data',
  size: SIZE,
  rewritten: 1,
  before: at('lower', null, 0),
  after: at('upper', 0, SIZE),
  bytesWritten: SIZE,
  compressibility: 1,
}
const cloned: Evidence = { ...copiedUp, after: at('upper', SIZE - 4096, 4096), bytesWritten: 90_000 }
const blockCow: Evidence = {
  ...copiedUp,
  cowUnit: 'block',
  before: at('shared', SIZE, 0),
  after: at('shared', SIZE - 4096, 4096),
  bytesWritten: 90_000,
}
const full: Evidence = { ...copiedUp, cowUnit: 'none', before: at('own', 0, SIZE), after: at('own', 0, SIZE) }

describe('mechanism', () => {
  const seen: readonly [string, Evidence, string | null][] = [
    ['a copy', copiedUp, 'copied up'],
    [
      'a copy that the store compressed',
      { ...copiedUp, compressibility: 2.6, bytesWritten: SIZE / 2.6 },
      'copied up',
    ],
    ['a clone', cloned, 'cloned'],
    [
      'a clone of which half was rewritten',
      { ...cloned, rewritten: SIZE / 2, after: at('upper', SIZE / 2, SIZE / 2), bytesWritten: SIZE },
      'cloned',
    ],
    ['a copy or a clone, all of it rewritten', { ...copiedUp, rewritten: SIZE }, null],
    [
      'an inode alone',
      { ...copiedUp, change: 'metadata', after: at('upper', null, 0), bytesWritten: 8192 },
      'metadata only',
    ],
    [
      'a union that waits for a write',
      { ...copiedUp, change: 'none', after: at('lower', null, 0), bytesWritten: 0 },
      'none',
    ],
    [
      'a file of one block',
      { ...copiedUp, size: 513, after: at('upper', 0, 4096), bytesWritten: 0 },
      'copied up',
    ],
    ['changed blocks', blockCow, 'block CoW'],
    ['changed extents', { ...blockCow, cowUnit: 'extent' }, 'block CoW'],
    [
      'blocks that nobody can count',
      { ...blockCow, before: at('shared', null, null), after: at('shared', null, null) },
      'block CoW',
    ],
    ['shared blocks, chmod', { ...blockCow, change: 'metadata' }, 'metadata only'],
    ['shared blocks, open', { ...blockCow, change: 'none', after: blockCow.before }, 'none'],
    [
      'all blocks rewritten',
      { ...blockCow, rewritten: SIZE, after: at('own', 0, SIZE), bytesWritten: SIZE },
      'block CoW',
    ],
    ['a full copy', { ...full, bytesWritten: 2 * SIZE }, 'none'],
    [
      'a full copy by clones',
      { ...full, before: at('own', SIZE, 0), after: at('own', SIZE - 4096, 4096) },
      'block CoW',
    ],
  ]
  it.each(seen)('%s', (_, evidence, mechanism) => {
    expect(mechanismOf(evidence)).toBe(mechanism)
  })

  const contradictory: readonly [string, Evidence][] = [
    ['a file that was planted in the upper layer', { ...copiedUp, before: at('upper', 0, SIZE) }],
    ['a change that left nothing in the upper layer', { ...copiedUp, after: at('lower', null, 0) }],
    ['a copy of half the file', { ...copiedUp, after: at('upper', 0, SIZE / 2) }],
    ['a copy that the device did not see', { ...copiedUp, bytesWritten: 4096 }],
    ['a clone during which the device saw the file', { ...cloned, bytesWritten: SIZE }],
    [
      'blocks that were the container’s own before',
      { ...blockCow, before: at('shared', 0, SIZE), after: at('shared', 0, SIZE) },
    ],
    [
      'extents that were the container’s own before',
      { ...blockCow, cowUnit: 'extent', size: MIB, before: at('shared', 0, MIB) },
    ],
    ['a changed block that nothing was allocated for', { ...blockCow, after: blockCow.before }],
    ['a whole copy under a block driver', { ...blockCow, after: at('shared', 0, SIZE) }],
    ['a block driver whose device saw the file', { ...blockCow, bytesWritten: SIZE }],
    ['a block driver that showed a file of its own', { ...blockCow, after: at('upper', 0, SIZE) }],
    ['a full copy that was none', { ...full, before: at('lower', null, 0) }],
  ]
  it.each(contradictory)('refuses %s', (_, evidence) => {
    expect(() => mechanismOf(evidence)).toThrow(expect.objectContaining({ code: 'witness.mechanism' }))
  })
})
