/** What drivers answer to the same operation of the scenario `tree`: an outcome that the sample records, not a failure. */
import { describe, expect, test } from 'vitest'
import type { Witness } from '../../contracts/witness.ts'
import { isRoot } from '../../testing/scratch-file.ts'
import { openSmallFixture, sample } from './testing/small-fixture.ts'

const SET = { files: '40', directories: '20', size: '5K' }

/** The mechanism, and what of the details differs. */
const list: readonly [configuration: string, op: string, mechanism: Witness['mechanism'], details: object][] =
  [
    [
      'overlay2@ext4',
      'rename-directory',
      'moved-by-copy',
      { outcome: 'EXDEV', copied: 2, entriesCopied: 80 },
    ],
    ['overlay2@ext4+redirect_dir=on', 'rename-directory', 'none', { outcome: 'renamed', renamed: 2 }],
    ['fuse-overlayfs@ext4', 'rename-directory', 'moved-by-copy', { outcome: 'EXDEV', copied: 2 }],
    ['btrfs', 'rename-directory', 'none', { outcome: 'renamed', renamed: 2 }],
    ['overlay2@ext4', 'unlink', 'none', { hiddenBy: 'whiteout' }],
    ['overlay2@ext4', 'remove-tree', 'none', { hiddenBy: 'whiteout' }],
    ['overlay2@ext4', 'recreate', 'none', { hiddenBy: 'opaque' }],
    ['fuse-overlayfs@ext4', 'recreate', 'none', { hiddenBy: 'opaque' }],
    ['unionfs-fuse@ext4', 'unlink', 'none', { hiddenBy: 'whiteout' }],
    ['overlay2@ext4', 'chown', 'copied-up', {}],
    ['overlay2@ext4+metacopy=on', 'chown', 'metadata-only', {}],
    ['overlay2@xfs', 'chown', 'cloned', {}],
    ['vfs@ext4', 'chown', 'none', {}],
  ]

describe.skipIf(!isRoot).each(list)('%s, %s', (configuration, op, mechanism, details) => {
  test(`is seen as ${[mechanism, ...Object.values(details)].join(', ')}`, async () => {
    await using fixture = await openSmallFixture({ configuration, scenario: 'tree', set: { ...SET, op } })
    for (const round of [0, 1])
      expect(await sample(fixture, round)).toMatchObject({ code: null, witness: { mechanism, details } })
  })
})

describe.skipIf(!isRoot)('unionfs-fuse@ext4', () => {
  test('a refused attribute fails the sample, with what the driver answers', async () => {
    const set = { ...SET, op: 'xattr' }
    await using fixture = await openSmallFixture({
      configuration: 'unionfs-fuse@ext4',
      scenario: 'tree',
      set,
    })
    expect(await sample(fixture)).toMatchObject({ witness: null, code: 'tree.refused' })
  })
})
