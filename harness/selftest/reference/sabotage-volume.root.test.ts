/** A driver that has a part in what is done on a volume is caught. */
import { describe, expect, test } from 'vitest'
import { drivers } from '../../../drivers/index.ts'
import { BIG_FILE } from '../../../scenarios/common/big-file-image.ts'
import { isRoot, MIB } from '../../testing/scratch-file.ts'
import { cheater, plant } from './testing/sabotage.ts'
import { openSmallFixture, sample } from './testing/small-fixture.ts'

const SIZE = 4 * MIB

describe.skipIf(!isRoot).each(['overlay2@ext4', 'blockcow@xfs'])('%s', (configuration) => {
  test('a volume passes the driver by, and a file that was changed beneath it is caught', async () => {
    const { driver, cheat } = cheater(
      drivers.find(({ meta }) => meta.id === configuration.split('@')[0]) as (typeof drivers)[number],
    )
    const set = { size: `${SIZE / MIB}M`, depth: '1', volume: 'on' }
    await using fixture = await openSmallFixture({ configuration, scenario: 'bigfile', set, driver })
    for (const round of [1, 0]) {
      const honest = await sample(fixture, round)
      expect(honest).toMatchObject({ code: null, witness: { mechanism: 'none' } })
      expect(honest.witness?.details?.['volume']).toMatch(/^(ext4|xfs) \d+:\d+$/)
    }
    // A block driver looks alike whether some block was changed before or not, and the volume gains nothing by it.
    if (driver.meta.cowUnit !== 'file') return
    cheat(plant(BIG_FILE, SIZE / 2))
    for (const round of [1, 0]) expect((await sample(fixture, round)).code).toBe('witness.mechanism')
  })
})
