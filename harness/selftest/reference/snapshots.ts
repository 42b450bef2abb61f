/** prepare, mount, umount and remove against the same four of the `containers-storage` command line, in turn. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError } from '../../contracts/error.ts'
import type { Registry } from '../../contracts/plan.ts'
import { openFixture, type Fixture } from './fixture.ts'
import { inTurn, type Pairs } from './pairs.ts'
import { USUAL } from './plans.ts'

const NANOSECONDS = 1e9

/** Both stores lie on the same file system. Seconds for all four steps. */
export async function compareSnapshots(registry: Registry, pairs: number): Promise<Pairs> {
  await using fixture = await openFixture(
    { driver: [USUAL], scenario: ['bigfile'], set: { size: ['1M'], image: ['tiny'] } },
    registry,
  )
  const { host, store, image } = fixture
  const engine = await openEngine(fixture)
  try {
    return await inTurn(
      pairs,
      () =>
        timed(async () => {
          const mounts = await store.snapshotter.prepare('reference', image.name)
          await host.mount(mounts, store.directory)
          await host.unmount(store.directory)
          await store.snapshotter.remove('reference')
        }),
      () =>
        timed(async () => {
          const container = firstLine(await engine.run('create-container', engine.image))
          await engine.run('mount', container)
          await engine.run('unmount', container)
          await engine.run('delete-container', container)
        }),
    )
  } finally {
    await engine.run('shutdown', '--force')
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = process.hrtime.bigint()
  await work()
  return Number(process.hrtime.bigint() - started) / NANOSECONDS
}

interface Engine {
  image: string
  run(...words: readonly string[]): Promise<string>
}

async function openEngine({ host, store }: Fixture): Promise<Engine> {
  const { path } = store.snapshotter.store
  if (path === null) throw new BenchError('the store has no file system', { code: 'reference.store' })
  const home = join(path, 'containers-storage')
  mkdirSync(join(home, 'tree'), { recursive: true })
  const run = async (...words: readonly string[]) => {
    const place = ['-s', 'overlay', '-g', join(home, 'graph'), '-R', join(home, 'run')]
    const { stdout } = await host.run('containers-storage', [...place, ...words])
    return stdout
  }
  await host.run('tar', ['-C', join(home, 'tree'), '-cf', join(home, 'layer.tar'), '.'])
  const layer = firstLine(await run('import-layer', '-f', join(home, 'layer.tar')))
  return { image: firstLine(await run('create-image', layer)), run }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}
