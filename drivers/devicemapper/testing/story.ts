/** The recorded story: a store from open to disposal, with the ways in which it fails. */
import { closeSync, fsyncSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { DriverConfig, Scratch } from '../../../harness/contracts/driver.ts'
import { BenchError } from '../../../harness/contracts/error.ts'
import type { Host } from '../../../harness/contracts/host.ts'
import type { Snapshotter } from '../../../harness/contracts/snapshotter.ts'
import type { DeviceFiles } from '../../../harness/linux/dm/control.ts'
import { createDriver, type DevicemapperOptions } from '../index.ts'

const MEBIBYTE = 1024 ** 2

/** Bytes: small, so that two containers fill it. */
export const STORY_SCRATCH = 128 * MEBIBYTE
/** Bytes: half of the pool and some more. */
const TOO_MUCH = 70 * MEBIBYTE

export interface Stage {
  host: Host
  files: DeviceFiles
  scratch: Scratch
  /** Whether what is mounted is really there, and can be filled. */
  live: boolean
}

export interface Step {
  step: string
  run(): Promise<unknown>
}

/** The steps in order. Each gives plain data, or the code of the error that it met. */
export function story(stage: Stage): Step[] {
  const { host, scratch, live } = stage
  const driver = createDriver(stage.files)
  const options = driver.meta.options.parse({})
  const config: DriverConfig<DevicemapperOptions> = {
    driver: 'devicemapper',
    backing: 'ext4',
    options,
    text: 'devicemapper@ext4',
  }
  let store: Snapshotter
  const target = (key: string) => join(scratch.directory, `at-${key}`)

  async function mount(key: string): Promise<void> {
    mkdirSync(target(key), { recursive: true })
    await host.mount(await store.mounts(key), target(key))
  }

  /** Fails, on the real pool, when it is full: what counts is what the driver says of it later. */
  function fill(key: string): void {
    if (!live) return
    const fd = openSync(join(target(key), 'large'), 'w')
    try {
      writeSync(fd, Buffer.alloc(TOO_MUCH, 'x'))
      fsyncSync(fd)
    } catch {
      // no space left
    } finally {
      closeSync(fd)
    }
  }

  const step = (name: string, run: () => Promise<unknown>): Step => ({
    step: name,
    run: async () => {
      try {
        return (await run()) ?? null
      } catch (error) {
        if (error instanceof BenchError) return error.code
        throw error
      }
    },
  })

  return [
    step('open', async () => {
      store = await driver.open(host, config, scratch)
    }),
    step('open beside it', () => driver.open(host, config, scratch)),
    step('prepare a layer', () => store.prepare('layer', null)),
    step('mount and fill the layer', async () => {
      await mount('layer')
      writeFileSync(join(target('layer'), 'file'), Buffer.alloc(MEBIBYTE, 'lower'))
    }),
    step('commit while mounted', () => store.commit('image', 'layer')),
    step('commit', async () => {
      await host.unmount(target('layer'))
      await store.commit('image', 'layer')
    }),
    step('prepare a container', () => store.prepare('container', 'image')),
    // Figures of the whole device, since the replay has no file system inside to tell which parts are the file's.
    step('provenance before', async () => {
      await mount('container')
      await host.unmount(target('container'))
      return store.provenance('container', 'file')
    }),
    step('provenance after a byte was changed', async () => {
      await mount('container')
      if (live) {
        const fd = openSync(join(target('container'), 'file'), 'r+')
        writeSync(fd, 'x', MEBIBYTE / 2)
        closeSync(fd)
      }
      await host.unmount(target('container'))
      return store.provenance('container', 'file')
    }),
    step('usage of the image', () => store.usage('image')),
    step('remove while mounted', async () => {
      await mount('container')
      await store.remove('container')
    }),
    step('remove', async () => {
      await host.unmount(target('container'))
      await store.remove('container')
    }),
    step('view', () => store.view('view', 'image')),
    step('remove the view', () => store.remove('view')),
    step('fill the pool', async () => {
      for (const key of ['one', 'two']) {
        await store.prepare(key, 'image')
        await mount(key)
        fill(key)
      }
    }),
    step('provenance in a full pool', () => store.provenance('two', 'large')),
    step('commit in a full pool', async () => {
      for (const key of ['one', 'two']) await host.unmount(target(key))
      await store.commit('broken', 'two')
    }),
    step('remove from a full pool', async () => {
      for (const key of ['one', 'two']) await store.remove(key)
      return store.allocated()
    }),
    step('dispose', () => store[Symbol.asyncDispose]() as Promise<void>),
  ]
}
