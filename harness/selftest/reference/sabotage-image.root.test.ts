/** A driver that gives an image another tree than was unpacked is caught by the scenario `image`. */
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { drivers } from '../../../drivers/index.ts'
import { isRoot } from '../../testing/scratch-file.ts'
import { cheater, onTheWay, type Cheat } from './testing/sabotage.ts'
import { openSmallFixture, sample } from './testing/small-fixture.ts'

/** What a container on the first layer may be that is not what that layer holds. */
const wrong: Readonly<Record<string, Cheat>> = {
  'a file too few': onTheWay((root) => rmSync(join(root, 'etc/passwd'))),
  'a file too many': onTheWay((root) => writeFileSync(join(root, 'etc/more'), '')),
  'another mode': onTheWay((root) => chmodSync(join(root, 'etc/group'), 0o600)),
}

describe.skipIf(!isRoot)('an image of two layers', () => {
  test.each(['overlay2@ext4', 'vfs@ext4', 'btrfs', 'blockcow@ext4', 'bare@ext4'])(
    'arrives on %s, and is caught where it is not what was unpacked',
    async (configuration) => {
      const id = configuration.split('@')[0]
      const { driver, cheat } = cheater(
        drivers.find(({ meta }) => meta.id === id) as (typeof drivers)[number],
      )
      const set = { layers: '2', durability: 'syncfs' }
      await using fixture = await openSmallFixture({ configuration, scenario: 'image', set, driver })
      expect(await sample(fixture)).toMatchObject({ code: null })
      // The control has one layer, and nothing that stands on it.
      if (id === 'bare') return
      for (const [name, how] of Object.entries(wrong)) {
        cheat(how)
        expect((await sample(fixture)).code, name).toBe('witness.content')
      }
    },
  )
})
