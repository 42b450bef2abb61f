/**
 * QEMU's FUSE export mixes up writes that are under way at once, silently; see `fuse-connections.ts`. Many small files,
 * written back together with their inodes, are what brought it to light.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testHost } from '../../harness/testing/scratch-file.ts'
import { configure } from '../testsuite/configuration.ts'
import { seededBytes } from '../testsuite/image.ts'
import { createScratch } from '../testsuite/scratch.ts'
import { blockcow } from './index.ts'

const FILES = 300
const GENERATIONS = 3

describe.each(['ext4', 'xfs'] as const)('qcow2 with %s inside', (inner) => {
  it('keeps the bytes of many writes at once', { timeout: 120_000 }, async () => {
    const host = testHost()
    using scratch = createScratch(host)
    await using snapshotter = await blockcow.open(
      host,
      configure(blockcow, inner, { mode: 'qcow2' }),
      scratch,
    )
    const root = scratch.mountPoints
    const content = (index: number, generation: number) =>
      seededBytes(`${index}.${generation}`, 1 + ((index * 7919) % 65536))
    for (let generation = 0; generation < GENERATIONS; generation += 1) {
      await host.mount(
        await snapshotter.prepare('layer', generation === 0 ? null : `image-${generation - 1}`),
        root,
      )
      for (let index = generation; index < FILES; index += 1) {
        mkdirSync(join(root, String(index % 10)), { recursive: true })
        writeFileSync(join(root, String(index % 10), String(index)), content(index, generation))
      }
      await host.unmount(root)
      await snapshotter.commit(`image-${generation}`, 'layer')
    }
    await host.mount(await snapshotter.view('view', `image-${GENERATIONS - 1}`), root)
    const wrong: number[] = []
    for (let index = 0; index < FILES; index += 1) {
      const expected = content(index, Math.min(index, GENERATIONS - 1))
      if (!readFileSync(join(root, String(index % 10), String(index))).equals(expected)) wrong.push(index)
    }
    await host.unmount(root)
    expect(wrong).toEqual([])
  })
})
