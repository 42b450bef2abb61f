/** prepare and mount in this process against the same with mount(8) started for the mount, in turn. */
import type { Registry } from '../../contracts/plan.ts'
import { openFixture } from './fixture.ts'
import { inTurn, type Pairs } from './pairs.ts'

const NANOSECONDS = 1e9

export async function compareMount(registry: Registry, configuration: string, pairs: number): Promise<Pairs> {
  await using fixture = await openFixture(
    { driver: [configuration], scenario: ['bigfile'], set: { size: ['1M'] } },
    registry,
  )
  const { host, store, image } = fixture
  const { snapshotter } = store

  async function timed(
    key: string,
    mount: (mounts: Awaited<ReturnType<typeof snapshotter.prepare>>) => Promise<unknown>,
  ) {
    const started = process.hrtime.bigint()
    await mount(await snapshotter.prepare(key, image.name))
    const seconds = Number(process.hrtime.bigint() - started) / NANOSECONDS
    await host.unmount(store.directory)
    await snapshotter.remove(key)
    return seconds
  }

  return await inTurn(
    pairs,
    () => timed('in-process', (mounts) => host.mount(mounts, store.directory)),
    () =>
      timed('mount8', async (mounts) => {
        for (const { type, source, options } of mounts) {
          await host.run('mount', ['-t', type, '-o', options.join(','), source, store.directory])
        }
      }),
  )
}
