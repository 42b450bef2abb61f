/** exec on real mounts, with a real runtime: the witness tells what the command did, and limits bind. */
import { describe, expect, test } from 'vitest'
import { isRoot } from '../../testing/scratch-file.ts'
import { openSmallFixture, sample } from './testing/small-fixture.ts'

const TINY = { image: 'tiny', layers: '2' }
/** A file of the image grows by its own bytes, one is removed, one is made. */
const COMMAND =
  'busybox cat /etc/passwd >> /etc/group; busybox rm /etc/os-release; busybox mkdir /var/made; echo made > /var/made/file'

describe.skipIf(!isRoot)('exec', () => {
  test.each([
    ['overlay2@ext4', 'copied-up', { copiedUp: 1, whiteouts: 1 }],
    ['btrfs', null, {}],
    ['vfs@ext4', null, {}],
  ])('on %s tells what the command changed', async (configuration, mechanism, inLayer) => {
    await using fixture = await openSmallFixture({
      configuration,
      scenario: 'exec',
      set: { ...TINY, command: COMMAND },
    })
    for (const round of [0, 1]) {
      const { witness, code } = await sample(fixture, round)
      expect(code).toBeNull()
      expect(witness?.details).toMatchObject({ rewritten: 1, removed: 1 })
      // The runtime may make mount points, too.
      expect(witness?.details?.['created']).toBeGreaterThanOrEqual(2)
      expect(witness).toMatchObject({ mechanism, details: inLayer })
    }
  })

  test.each([
    ['exit 3', {}, 'exec.failed'],
    ['busybox dd if=/dev/zero of=/dev/shm/file bs=1M count=60', { memory: '32M' }, 'exec.out-of-memory'],
    ['busybox sleep 600', { timeout: '5s' }, 'exec.timeout'],
  ])('fails: %s, %o', async (command, limits, code) => {
    const set = { ...TINY, ...limits, command }
    await using fixture = await openSmallFixture({ configuration: 'overlay2@ext4', scenario: 'exec', set })
    expect(await sample(fixture)).toMatchObject({ code })
  })

  test('is throttled as its limit of processors says', async () => {
    const set = {
      ...TINY,
      cpus: '0.2',
      command: 'for turn in 1 2 3 4 5 6 7 8; do busybox sha256sum /bin/busybox; done',
    }
    await using fixture = await openSmallFixture({ configuration: 'overlay2@ext4', scenario: 'exec', set })
    const { witness } = await sample(fixture)
    expect(witness?.details?.['throttledPeriods']).toBeGreaterThan(0)
  })
})
