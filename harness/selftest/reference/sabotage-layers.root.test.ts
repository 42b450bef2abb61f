/** A driver that cheats with whole layers is caught: one that forks the wrong state, loses or brings a file, or denies what it holds. */
import { describe, expect, test } from 'vitest'
import { drivers } from '../../../drivers/index.ts'
import type { Driver } from '../../contracts/driver.ts'
import { isRoot } from '../../testing/scratch-file.ts'
import {
  bringing,
  changesNowhere,
  cheater,
  denyingUse,
  keepingContainers,
  losing,
  onTheImage,
  type Replacement,
} from './testing/sabotage.ts'
import { openSmallFixture, sample } from './testing/small-fixture.ts'

const HOME = 'var/lib/bench/layer'

const wrongFork = { 'a fork of the image': onTheImage }
const wrongCommit = {
  'a file lost': losing(`${HOME}/opaque/new`),
  'a file brought': bringing(`${HOME}/made/brought`),
}

/** Operations, what they are to do in a small way, and how they are cheated. */
const list: readonly [op: string, set: Record<string, string>, cheats: Record<string, Replacement>][] = [
  [
    'branch',
    { depth: '4', siblings: '2' },
    { ...wrongFork, 'a file brought': bringing(`${HOME}/made/brought`) },
  ],
  ['build', { steps: '3', files: '2' }, { ...wrongFork, 'a step lost': losing(`${HOME}/made/layer-0001`) }],
  ['commit', { files: '16' }, wrongCommit],
  ['delete', { files: '16' }, { 'nothing deleted': keepingContainers }],
  ['diff', { files: '16' }, { 'changes elsewhere': changesNowhere }],
  ['apply', { files: '16' }, wrongCommit],
  ['usage', { files: '256', size: '64K' }, { ...wrongCommit, 'nothing held': denyingUse }],
]

function registered(configuration: string): Driver {
  const id = configuration.split('@')[0]
  return drivers.find(({ meta }) => meta.id === id) as Driver
}

describe.skipIf(!isRoot).each(['overlay2@ext4', 'btrfs', 'vfs@xfs', 'blockcow@xfs'])(
  '%s',
  (configuration) => {
    test.each(list)('is caught when it cheats at op=%s', async (op, given, cheats) => {
      const { driver, replace } = cheater(registered(configuration))
      const set = { op, ...given }
      await using fixture = await openSmallFixture({ configuration, scenario: 'layer', set, driver })
      expect(await sample(fixture)).toMatchObject({ code: null })
      for (const [name, how] of Object.entries(cheats)) {
        replace(how)
        expect((await sample(fixture)).code, name).toMatch(/^witness\./)
      }
      replace(null)
      // A container that was kept has the key of the next.
      if (op === 'delete') return
      expect(await sample(fixture, 1), 'honest again').toMatchObject({ code: null })
    })
  },
)
