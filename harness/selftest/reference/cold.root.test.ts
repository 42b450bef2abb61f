/** A sample that says that it was cold and was not is untruthful: somebody else who keeps the file cached is caught. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BIG_FILE } from '../../../scenarios/common/big-file-image.ts'
import { isRoot } from '../../testing/scratch-file.ts'
import type { RunningTrial } from '../../runner/trial.ts'
import type { Fixture } from './fixture.ts'
import { hold } from './testing/holder.ts'
import { openSmallFixture } from './testing/small-fixture.ts'

const PROGRAM = 'bin/busybox'

const open = (configuration: string) =>
  openSmallFixture({
    configuration,
    scenario: 'bigfile',
    set: { size: '4M', image: 'tiny', depth: '1' },
    cache: 'cold',
  })

/** With the mounted container of a fresh trial, which is taken away again. */
async function inContainer<T>(fixture: Fixture, work: (trial: RunningTrial) => Promise<T>): Promise<T> {
  const trial = await fixture.trial()
  await trial.container().prepare()
  await trial.container().mount()
  try {
    return await work(trial)
  } finally {
    await trial.tearDown()
  }
}

async function beneath(fixture: Fixture, trial: RunningTrial, path: string): Promise<string> {
  const { snapshotter } = fixture.store
  const beneathOf = await snapshotter.backingCacheFiles?.(trial.container().key)
  return beneathOf?.(path)[0] ?? ''
}

const wrong = expect.objectContaining({ code: 'cache.wrong' }) as Error
const own = async (_: Fixture, trial: RunningTrial) => join(trial.container().root, BIG_FILE)
const lower = (fixture: Fixture, trial: RunningTrial) => beneath(fixture, trial, BIG_FILE)

describe.skipIf(!isRoot).each([
  ['overlay2@ext4', 'the file of the container', own],
  ['overlay2@ext4', 'the file of the layer', lower],
  ['fuse-overlayfs@ext4', 'the file of the container', own],
  ['fuse-overlayfs@ext4', 'the file of the layer', lower],
  ['unionfs-fuse@ext4', 'the file of the layer', lower],
  ['btrfs', 'the file of the container', own],
  ['vfs@ext4', 'the file of the container', own],
  ['blockcow@ext4', 'the file of the container', own],
  ['blockcow@ext4+mode=qcow2', 'the file of the container', own],
] as const)('%s', (configuration, what, pathOf) => {
  test(`cold is caught while another process holds ${what}, and given when it has gone`, async () => {
    await using fixture = await open(configuration)
    await inContainer(fixture, async (trial) => {
      {
        await using _ = await hold(await pathOf(fixture, trial))
        await expect(trial.cache.set(trial.container(), [BIG_FILE])).rejects.toThrow(wrong)
      }
      await trial.cache.set(trial.container(), [BIG_FILE])
      expect(trial.measured.warnings).toEqual([])
    })
  })
})

test.skipIf(!isRoot)(
  'a file that could not be inspected before is judged by what the device read',
  async () => {
    await using fixture = await open('overlay2@ext4')
    const program = await inContainer(fixture, (trial) => beneath(fixture, trial, PROGRAM))
    /** Reads the program in a container that came after the cache was set, as a start does. */
    const start = async () => {
      const trial = await fixture.trial()
      await trial.cache.set(trial.container(), null)
      await trial.container().prepare()
      await trial.container().mount()
      readFileSync(join(trial.container().root, PROGRAM))
      try {
        await trial.cache.requireColdRead([PROGRAM])
      } finally {
        await trial.tearDown()
      }
    }
    await start()
    {
      await using _ = await hold(program)
      await expect(start()).rejects.toThrow(wrong)
    }
    await start()
  },
)
