/**
 * A driver that cheats is caught: for each one that runs here, a wrapper whose `prepare` makes the first write cheaper
 * than it is, and whose samples have to fail. The same store gives honest samples before.
 */
import { describe, expect, test } from 'vitest'
import { drivers } from '../../../drivers/index.ts'
import { readRecording } from '../../../drivers/devicemapper/testing/recording.ts'
import { BIG_FILE } from '../../../scenarios/common/big-file-image.ts'
import type { Evidence } from '../../../scenarios/common/evidence.ts'
import { mechanismOf } from '../../../scenarios/common/mechanism.ts'
import type { Mechanism } from '../../contracts/witness.ts'
import type { Provenance } from '../../contracts/witness.ts'
import { isRoot, MIB } from '../../testing/scratch-file.ts'
import type { Fixture } from './fixture.ts'
import {
  byClones,
  byHardLinks,
  byHoles,
  cheater,
  plant,
  plantWhole,
  spoil,
  type Cheat,
} from './testing/sabotage.ts'
import { openSmallFixture, sample } from './testing/small-fixture.ts'

const SIZE = 4 * MIB
/** A later round, which proves by comparing bytes, and the first, which proves by hashes. */
const ROUNDS = [1, 0]
const planted = {
  'a byte changed and changed back': plant(BIG_FILE, SIZE / 2),
  'all written again': plantWhole(BIG_FILE),
}
/** Hard links come last: the sample writes into the image itself. */
const notCopied = { holes: byHoles, 'hard links': byHardLinks }

/** Configurations, what an honest first write of them does, and how they may cheat. */
const list: readonly [configuration: string, honest: Mechanism, cheats: Record<string, Cheat>][] = [
  ['overlay2@ext4', 'copied-up', planted],
  ['overlay2@xfs', 'cloned', planted],
  ['overlay2@xfs+reflink=off', 'copied-up', planted],
  ['overlay2@btrfs', 'cloned', planted],
  ['fuse-overlayfs@ext4', 'copied-up', planted],
  ['unionfs-fuse@ext4', 'copied-up', planted],
  ['erofs@ext4', 'copied-up', planted],
  ['btrfs', 'block-cow', planted],
  ['btrfs+compress=zstd', 'block-cow', planted],
  ['blockcow@ext4', 'block-cow', planted],
  ['blockcow@xfs', 'block-cow', planted],
  ['blockcow@ext4+mode=qcow2', 'block-cow', planted],
  ['vfs@ext4', 'none', notCopied],
  ['vfs@xfs+reflink=off', 'none', { clones: byClones, ...notCopied }],
]

function registered(configuration: string): (typeof drivers)[number] {
  const id = configuration.split(/[@+]/)[0]
  return drivers.find(({ meta }) => meta.id === id) as (typeof drivers)[number]
}

const TRIES = 5

/**
 * Returns the mechanism that a sample shows, or the code of what it failed with. Tests beside this one drop the caches
 * of the whole host: a sample that is refused for its cache is taken again.
 */
async function toldBy(fixture: Fixture, round: number): Promise<string | null> {
  for (let tries = 1; ; tries += 1) {
    const { witness, code } = await sample(fixture, round)
    if (code !== 'cache.wrong' || tries === TRIES) return witness === null ? code : witness.mechanism
  }
}

describe.skipIf(!isRoot).each(list)('%s', (configuration, honest, cheats) => {
  test(`is caught when it cheats: ${Object.keys(cheats).join(', ')}`, async () => {
    const { driver, cheat } = cheater(registered(configuration))
    const set = { size: `${SIZE / MIB}M`, image: 'tiny', depth: '1' }
    await using fixture = await openSmallFixture({ configuration, scenario: 'bigfile', set, driver })
    for (const [name, how] of Object.entries(cheats)) {
      cheat(null)
      for (const round of ROUNDS) {
        expect(await toldBy(fixture, round), `before ${name}`).toBe(honest)
      }
      cheat(how)
      for (const round of ROUNDS) {
        expect(await toldBy(fixture, round), `${name}, round ${round}`).toMatch(/^witness\./)
      }
    }
  })
})

/** Where a container's file lies on the disk where the image's lies. */
const sharing = [
  'overlay2@xfs',
  'overlay2@btrfs',
  'btrfs',
  'blockcow@ext4',
  'blockcow@xfs',
  'vfs@xfs',
] as const

describe.skipIf(!isRoot).each(sharing)('%s', (configuration) => {
  test('is caught with a wrong byte, also where it says that it is the image’s', async () => {
    const { driver, cheat } = cheater(registered(configuration))
    const set = { size: `${SIZE / MIB}M`, image: 'tiny', depth: '1' }
    await using fixture = await openSmallFixture({ configuration, scenario: 'bigfile', set, driver })
    const round = 1
    const { witness } = await sample(fixture, round)
    expect(witness?.details?.['containerBytesCompared']).toBeLessThan(SIZE / 2)
    // In no block that is changed, and not in the tenth of this round.
    const wrong = spoil(BIG_FILE, (3 * SIZE) / 4)
    for (const denies of [false, true]) {
      cheat(wrong, denies)
      expect(await toldBy(fixture, round), denies ? 'denied' : 'not denied').toBe('witness.content')
    }
  })
})

describe('devicemapper, from what a real pool answered', () => {
  const { steps } = readRecording('story')
  const provenance = (name: string) => steps.find(({ step }) => step === name)?.result as Provenance
  const before = provenance('provenance before')
  const after = provenance('provenance after a byte was changed')
  const evidence: Evidence = {
    path: 'file',
    cowUnit: 'block',
    change: 'data',
    size: MIB,
    files: 1,
    rewritten: 1,
    before,
    after,
    bytesWritten: 65536,
    allocated: 65536,
    imageBytes: MIB,
    compression: 1,
  }

  test('a first change is block CoW', () => expect(mechanismOf(evidence)).toBe('block-cow'))

  test('one of a block that was changed before is refused', () => {
    expect(() => mechanismOf({ ...evidence, before: after })).toThrow(
      expect.objectContaining({ code: 'witness.mechanism' }),
    )
  })
})
