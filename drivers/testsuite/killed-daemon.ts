/** A check of its own store: the daemon of an engine is killed. */
import { expect, test, vi } from 'vitest'
import type { Driver, DriverConfig } from '../../harness/contracts/driver.ts'
import type { EngineContainer } from '../../harness/contracts/engine-runtime.ts'
import type { Snapshotter } from '../../harness/contracts/snapshotter.ts'
import { commandLine, descendantsOf } from '../../harness/linux/process.ts'
import { withFixture } from './fixture.ts'

const CONTAINER: EngineContainer = {
  id: 'bench-test-killed',
  config: '{}',
  process: { args: ['/bin/true'], env: [], cwd: '/', uid: 0, gid: 0 },
  resources: undefined,
  runtime: 'runc',
  state: '/nowhere',
  stdout: '/nowhere',
  take: () => undefined,
}

export interface EngineOfTest {
  /** What messages call the daemon. */
  name: string
  /** Its command line. */
  daemon: RegExp
}

/** Registers the test. A daemon that starts containers alone is asked to plan one first. */
export function killedDaemon<Options>(
  driver: Driver<Options>,
  config: DriverConfig<Options>,
  { name, daemon }: EngineOfTest,
): void {
  const running = () => descendantsOf(process.pid).filter((pid) => daemon.test(commandLine(pid)))
  const ask = async ({ runtime }: Snapshotter, key: string) =>
    runtime?.plan?.({ key, parent: 'base' }, CONTAINER)

  test(`${name}, when it is killed, fails what is asked of it, with the reason, and its store is released all the same`, async () => {
    await withFixture(driver, config, async ({ snapshotter }) => {
      await snapshotter.prepare('first', null)
      await snapshotter.commit('base', 'first')
      await ask(snapshotter, 'unused')
      expect(running()).toHaveLength(1)
      for (const pid of running()) process.kill(pid, 'SIGKILL')
      await vi.waitFor(
        async () =>
          expect((await snapshotter.condition?.())?.failure).toMatchObject({
            code: 'driver.no-daemon',
            message: expect.stringMatching(new RegExp(`^${name} ended while it was needed`)),
          }),
        { timeout: 20_000 },
      )
      await snapshotter.settle()
      await ask(snapshotter, 'asked')
      await expect(snapshotter.prepare('asked', 'base')).rejects.toMatchObject({
        code: expect.stringMatching(/^driver\.(?:no-daemon|engine)$/),
      })
    })
    expect(running()).toEqual([])
  })
}
