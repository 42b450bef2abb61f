import { describe, expect, it } from 'vitest'
import type { Provenance } from '../../harness/contracts/witness.ts'
import type { Evidence } from './evidence.ts'
import { mechanismOf } from './mechanism.ts'

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
  files: 1,
  rewritten: 1,
  before: at('lower', null, 0),
  after: at('upper', 0, SIZE),
  bytesWritten: SIZE,
  allocated: SIZE,
  imageBytes: SIZE,
  compression: 1,
}
/** Bytes that a change of one block writes besides it: journals, inodes. */
const LITTLE = { bytesWritten: 90_000, allocated: 8192 }
const cloned: Evidence = { ...copiedUp, ...LITTLE, after: at('upper', SIZE - 4096, 4096) }
const blockCow: Evidence = {
  ...copiedUp,
  cowUnit: 'block',
  before: at('shared', SIZE, 0),
  after: at('shared', SIZE - 4096, 4096),
  ...LITTLE,
}
const full: Evidence = { ...copiedUp, cowUnit: 'none', before: at('own', 0, SIZE), after: at('own', 0, SIZE) }

describe('mechanism', () => {
  const seen: readonly [string, Evidence, string | null][] = [
    ['a copy', copiedUp, 'copied-up'],
    [
      'a copy that the store compressed',
      { ...copiedUp, compression: 2.6, bytesWritten: SIZE / 2.6, allocated: SIZE / 2.6 },
      'copied-up',
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
      { ...copiedUp, ...LITTLE, change: 'metadata', after: at('upper', null, 0) },
      'metadata-only',
    ],
    [
      'a union that waits for a write',
      {
        ...copiedUp,
        change: 'none',
        rewritten: 0,
        after: at('lower', null, 0),
        bytesWritten: 0,
        allocated: 0,
      },
      'none',
    ],
    ['a file of one block', { ...copiedUp, ...LITTLE, size: 513, after: at('upper', 0, 4096) }, 'copied-up'],
    ['changed blocks', blockCow, 'block-cow'],
    ['changed extents', { ...blockCow, cowUnit: 'extent' }, 'block-cow'],
    [
      'blocks that nobody can count',
      { ...blockCow, before: at('shared', null, null), after: at('shared', null, null) },
      'block-cow',
    ],
    ['shared blocks, chmod', { ...blockCow, change: 'metadata', rewritten: 0 }, 'metadata-only'],
    ['shared blocks, open', { ...blockCow, change: 'none', rewritten: 0, after: blockCow.before }, 'none'],
    [
      'the end of the file in a block of the pool that the mount wrote to',
      { ...blockCow, before: at('shared', SIZE - 65536, 65536), after: at('shared', SIZE - 131072, 131072) },
      'block-cow',
    ],
    [
      'all blocks rewritten',
      { ...blockCow, rewritten: SIZE, after: at('own', 0, SIZE), bytesWritten: SIZE },
      'block-cow',
    ],
    ['a full copy', { ...full, bytesWritten: 2 * SIZE }, 'none'],
    [
      'a full copy by clones',
      { ...full, ...LITTLE, before: at('own', SIZE, 0), after: at('own', SIZE - 4096, 4096) },
      'block-cow',
    ],
    [
      'many small copies',
      { ...copiedUp, size: 513, files: 10_000, after: at('upper', 0, 4096), bytesWritten: 5_200_000 },
      'copied-up',
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
    [
      'a copy of which the device saw half, where nothing compresses',
      { ...copiedUp, bytesWritten: SIZE / 2 },
    ],
    ['a copy that takes no space', { ...copiedUp, allocated: 4096 }],
    [
      'many small copies that the device did not see',
      { ...copiedUp, size: 513, files: 10_000, after: at('upper', 0, 4096), bytesWritten: 4096 },
    ],
    ['a clone that takes the space of a copy', { ...cloned, allocated: SIZE }],
    ['a clone whose rewritten half is still shared', { ...cloned, rewritten: SIZE / 2, bytesWritten: SIZE }],
    [
      'rewritten blocks that the device did not see',
      { ...copiedUp, rewritten: SIZE, bytesWritten: SIZE / 2 },
    ],
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
    ['a block that had been changed, and changed back, before', { ...blockCow, before: blockCow.after }],
    [
      'an extent that had been changed before',
      {
        ...blockCow,
        cowUnit: 'extent',
        before: at('shared', SIZE - 4096, 4096),
        after: at('shared', SIZE - 8192, 8192),
      },
    ],
    [
      'half of the rewritten blocks',
      { ...blockCow, rewritten: SIZE / 2, after: at('shared', (SIZE * 3) / 4, SIZE / 4), bytesWritten: SIZE },
    ],
    ['a block driver whose store grew by the file', { ...blockCow, allocated: SIZE }],
    ['a whole copy under a block driver', { ...blockCow, after: at('shared', 0, SIZE) }],
    ['a block driver whose device saw the file', { ...blockCow, bytesWritten: SIZE }],
    ['a block driver that showed a file of its own', { ...blockCow, after: at('upper', 0, SIZE) }],
    ['a full copy that was none', { ...full, before: at('lower', null, 0) }],
    ['a full copy of half the file', { ...full, before: at('own', 0, SIZE / 2) }],
    ['a full copy that the device did not see', { ...full, bytesWritten: 90_000 }],
    ['a full copy of less than the image', { ...full, imageBytes: 2 * SIZE }],
    ['a full copy by hard links, which takes no space', { ...full, allocated: 8192 }],
  ]
  it.each(contradictory)('refuses %s', (_, evidence) => {
    expect(() => mechanismOf(evidence)).toThrow(expect.objectContaining({ code: 'witness.mechanism' }))
  })
})
