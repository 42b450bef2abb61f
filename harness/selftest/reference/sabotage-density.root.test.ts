/** A driver whose containers share what they should not, or have what they should share, is caught by the scenario `density`. */
import { describe, expect, test } from 'vitest'
import { drivers } from '../../../drivers/index.ts'
import { pathsOf } from '../../../scenarios/density/params.ts'
import { isRoot, MIB } from '../../testing/scratch-file.ts'
import { byHardLinks, cheater, plant, spoil, type Cheat } from './testing/sabotage.ts'
import { openSmallFixture, sample, type Outcome } from './testing/small-fixture.ts'

const CONTAINERS = 3
const FILES = 2
const [FIRST = '', SECOND = ''] = pathsOf({ files: FILES })

/** Configurations, copies of the files that honest containers have in memory, and how they may cheat. */
const list: readonly [configuration: string, copies: number, cheats: Record<string, Cheat>][] = [
  [
    'overlay2@ext4',
    1,
    { 'a file copied up beforehand': plant(FIRST, 0), 'a wrong byte': spoil(SECOND, MIB / 2) },
  ],
  ['fuse-overlayfs@ext4', CONTAINERS + 1, { 'a file copied up beforehand': plant(FIRST, 0) }],
  ['vfs@ext4', CONTAINERS, { 'hard links': byHardLinks }],
]

describe.skipIf(!isRoot).each(list)('%s', (configuration, copies, cheats) => {
  test('is counted when it is honest, and caught when it cheats', async () => {
    const { driver, cheat } = cheater(
      drivers.find(({ meta }) => meta.id === configuration.split('@')[0]) as (typeof drivers)[number],
    )
    const set = { containers: String(CONTAINERS), files: String(FILES), layers: '2' }
    await using fixture = await openSmallFixture({ configuration, scenario: 'density', set, driver })
    const honest = await counted(() => sample(fixture))
    expect(honest.code).toBeNull()
    expect(honest.trial?.measured.phases['copies']).toBeCloseTo(copies, 1)
    for (const [name, how] of Object.entries(cheats)) {
      cheat(how)
      expect((await counted(() => sample(fixture))).code, name).toMatch(/^witness\.(mechanism|content)$/)
    }
  })
})

const TRIES = 5

/** Tests beside this one drop the caches of the whole host: a sample that lost pages to them is taken again. */
async function counted(
  take: () => Promise<Outcome>,
): Promise<Outcome & { trial?: { measured: { phases: Record<string, number> } } }> {
  for (let tries = 1; ; tries += 1) {
    const outcome = await take()
    const lost = outcome.code === 'cache.wrong' || outcome.code === 'witness.cache'
    if (!lost || tries === TRIES) return outcome
  }
}
