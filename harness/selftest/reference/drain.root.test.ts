/**
 * Background work of a trial is finished before the next begins: 256 MiB are written and deleted, then the disk is quiet.
 */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { syncAndWakeCleaner } from '../../../drivers/common/rest.ts'
import { openDeviceCounters } from '../../measurement/counters.ts'
import { openResources } from '../../measurement/resources.ts'
import { quiesce } from '../../runner/totals.ts'
import { isRoot, MIB } from '../../testing/scratch-file.ts'
import type { Fixture } from './fixture.ts'
import { openSmallFixture } from './testing/small-fixture.ts'

const SIZE = 256 * MIB
const WATCHED_MILLISECONDS = 1500
const POKES = 5

const list = ['overlay2@ext4', 'overlay2@xfs', 'overlay2@btrfs', 'btrfs', 'blockcow@ext4'] as const

/** A container that writes a large file, and goes. */
async function writeAndDelete(fixture: Fixture): Promise<void> {
  const trial = await fixture.trial()
  const container = trial.container()
  await container.prepare()
  await container.mount()
  const fd = openSync(join(container.root, 'large'), 'w')
  const piece = Buffer.alloc(MIB, 7)
  for (let written = 0; written < SIZE; written += piece.length) writeSync(fd, piece)
  fsyncSync(fd)
  closeSync(fd)
  await trial.tearDown()
}

/** Makes btrfs do now what it would do of itself within half a minute. */
function wakeCleaner({ host, store }: Fixture): void {
  const fd = openSync(store.snapshotter.store.path ?? '', 'r')
  syncAndWakeCleaner(host.syscalls, fd)
  closeSync(fd)
}

describe.skipIf(!isRoot).each(list)('%s', (configuration) => {
  test('leaves nothing to write, and nothing under way', async () => {
    await using fixture = await openSmallFixture({
      configuration,
      scenario: 'bigfile',
      set: { size: '1M', image: 'tiny', depth: '0' },
    })
    const { snapshotter } = fixture.store
    const counters = openDeviceCounters(snapshotter.store.devices)
    const resources = openResources(fixture.host.syscalls, null)
    try {
      await writeAndDelete(fixture)
      expect(await quiesce(snapshotter, { counters, resources })).toBeNull()
      const before = counters.read()
      for (let poke = 0; poke < POKES; poke += 1) {
        if (fixture.cell.config.backing === 'btrfs') wakeCleaner(fixture)
        await sleep(WATCHED_MILLISECONDS / POKES)
      }
      expect(counters.read()).toEqual(before)
      expect(counters.inFlight()).toBe(0)
    } finally {
      counters.close()
      resources.close()
    }
  })
})
