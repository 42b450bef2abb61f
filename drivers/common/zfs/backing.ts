/** One plain file system of a pool, for drivers that keep directories in it. */
import { mkdirSync, statSync, statfsSync } from 'node:fs'
import type { Scratch } from '../../../harness/contracts/driver.ts'
import type { Host } from '../../../harness/contracts/host.ts'
import type { MountedBacking } from '../backing.ts'
import { createUndo } from '../undo.ts'
import { createZpool } from './pool.ts'

/** Options that the driver has by default, so that the two differ only by the layers. */
export const EQUAL_GROUND = { recordsize: '128K', compression: 'off', atime: 'off' } as const

const STAT_BLOCK = 512

/** Makes a pool on the scratch and one file system in it, and mounts that on `target`, which is created. */
export async function openZfsBacking(
  host: Host,
  scratch: Pick<Scratch, 'device' | 'label'>,
  target: string,
): Promise<MountedBacking> {
  const undo = createUndo()
  const pool = await createZpool(host, scratch, EQUAL_GROUND)
  undo.add(() => pool.destroy())
  const dataset = `${pool.name}/store`
  const mount = () => host.mount([{ type: 'zfs', source: dataset, options: ['noatime'] }], target)
  try {
    await pool.zfs('create', '-o', 'mountpoint=legacy', dataset)
    mkdirSync(target, { recursive: true })
    await mount()
    undo.add(() => host.unmount(target))
  } catch (error) {
    return await undo.abandon(error)
  }
  return {
    path: target,
    device: pool.device,
    sync: () => pool.sync(),
    settle: () => pool.settle(),
    used() {
      const { blocks, bfree, bsize, files, ffree } = statfsSync(target)
      return { bytes: (blocks - bfree) * bsize, inodes: files - ffree }
    },
    // Nothing in this pool is ever cloned, so that what is allocated is the file's own.
    bytesOf: (path) => ({ sharedBytes: 0, exclusiveBytes: statSync(path).blocks * STAT_BLOCK }),
    async forget() {
      await host.unmount(target)
      await pool.reload()
      await mount()
    },
    [Symbol.asyncDispose]: () => undo.run(),
  }
}
