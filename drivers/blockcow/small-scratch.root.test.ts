/** mke2fs gives a file system below 512 MiB blocks of 1 KiB, which a loop device that takes direct I/O in 4 KiB cannot be mounted with. */
import { describe, expect, it } from 'vitest'
import { isRoot, MIB, testHost } from '../../harness/testing/scratch-file.ts'
import { configure } from '../testsuite/configuration.ts'
import { createScratch } from '../testsuite/scratch.ts'
import { openStore } from '../testsuite/store.ts'
import { blockcow } from './index.ts'

describe.skipIf(!isRoot)('a scratch of 400 MiB', () => {
  it('holds an image and a container', async () => {
    const host = testHost()
    await using store = await openStore(host, blockcow, configure(blockcow), createScratch(host, 400 * MIB))
    const { snapshotter, scratch } = store
    for (const [key, parent] of [
      ['layer', null],
      ['container', 'image'],
    ] as const) {
      await host.mount(await snapshotter.prepare(key, parent), scratch.mountPoints)
      await host.unmount(scratch.mountPoints)
      if (parent === null) await snapshotter.commit('image', key)
    }
    expect((await snapshotter.allocated()).bytes).toBeGreaterThan(0)
  })
})
