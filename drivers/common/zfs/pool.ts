/**
 * A ZFS pool on the scratch, by zpool(8): Docker's driver starts these programs, too, and their ioctls change from one
 * version to the next.
 */
import type { Scratch } from '../../../harness/contracts/driver.ts'
import type { Host, JournalEntry } from '../../../harness/contracts/host.ts'
import type { Usage } from '../../../harness/contracts/snapshotter.ts'
import { readMounts } from '../../../harness/linux/mountinfo.ts'
import { driverError } from '../catalog.ts'
import { notSettled } from '../rest.ts'

/**
 * Properties of the pool: blocks of 4 KiB, as in every other configuration, whatever sector size the device reports; and
 * no cache file, since a boot would look for the pool.
 */
const OF_POOL: Readonly<Record<string, string>> = { ashift: '12', cachefile: 'none' }

const FREEING_SECONDS = 60

export interface Zpool {
  /** Carries the run's label. */
  readonly name: string
  readonly device: string
  /** Runs zfs(8) and returns what it wrote on standard output, without the newline. */
  zfs(...words: readonly string[]): Promise<string>
  /** Waits until all that was written is in a transaction group on the device: zpool-sync(8). */
  sync(): Promise<void>
  /** The same, until the space of what was destroyed is free, too. Throws `driver.not-settled` after a minute. */
  settle(): Promise<void>
  allocated(): Promise<Usage>
  /**
   * Exports the pool and imports it again; nothing of it may be mounted. The ARC finds its contents by a number that each
   * load of a pool draws at random (module/zfs/spa_misc.c, spa_load_guid), so nothing from before can be found.
   */
  reload(): Promise<void>
  /** Throws `driver.busy` while something of it is mounted. */
  destroy(): Promise<void>
}

/** Makes the pool, journalled before; `properties` are those of its file systems, which inherit them. */
export async function createZpool(
  host: Host,
  { device, label: name }: Pick<Scratch, 'device' | 'label'>,
  properties: Readonly<Record<string, string>>,
): Promise<Zpool> {
  const entry: JournalEntry = { kind: 'zpool', name }
  host.journal.record(entry)
  await host.run('zpool', [
    'create',
    // Whatever an earlier store left there.
    '-f',
    '-m',
    'none',
    ...assignments('-o', OF_POOL),
    ...assignments('-O', properties),
    name,
    device,
  ])
  const property = async (which: string) =>
    Number(await output(host, 'zpool', 'get', '-Hp', '-o', 'value', which, name))
  const sync = async () => void (await host.run('zpool', ['sync', name]))
  return {
    name,
    device,
    zfs: (...words) => output(host, 'zfs', ...words),
    sync,
    async settle() {
      const deadline = performance.now() + FREEING_SECONDS * 1000
      // Destroyed file systems are freed in the background, some in each transaction group: zpool-features(7), async_destroy.
      do {
        if (performance.now() > deadline)
          throw notSettled('ZFS is still freeing destroyed data', FREEING_SECONDS)
        await sync()
      } while ((await property('freeing')) > 0)
      await sync()
    },
    async allocated() {
      return { bytes: await property('allocated'), inodes: null }
    },
    async reload() {
      await host.run('zpool', ['export', name])
      await host.run('zpool', ['import', '-N', '-o', 'cachefile=none', '-d', device, name])
    },
    async destroy() {
      const mounted = readMounts().find(({ source }) => source.split('/')[0] === name)
      // zpool(8) would unmount it first.
      if (mounted !== undefined) throw driverError('busy', `${mounted.source} is mounted`)
      await host.run('zpool', ['destroy', name])
      host.journal.forget(entry)
    },
  }
}

async function output(host: Host, program: string, ...words: readonly string[]): Promise<string> {
  return (await host.run(program, words)).stdout.trimEnd()
}

function assignments(option: string, values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [option, `${name}=${value}`])
}
