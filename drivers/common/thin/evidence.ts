/** What a thin pool and the file systems on its devices tell of a snapshot. */
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Condition } from '../../../harness/contracts/snapshotter.ts'
import type { Syscalls } from '../../../harness/contracts/syscalls.ts'
import type { Provenance } from '../../../harness/contracts/witness.ts'
import { deviceText } from '../../../harness/linux/device-number.ts'
import type { ActiveDevice } from '../../../harness/linux/dm/device.ts'
import { extentsOf, occupied } from '../../../harness/linux/fiemap.ts'
import { readMounts, type MountRow } from '../../../harness/linux/mountinfo.ts'
import { LOW_WATER_SHARE, type ThinPool } from './pool.ts'
import { failureOf, freeShare, requireWritable } from './pool-status.ts'
import { bytesIn } from './thin-metadata.ts'

export type ThinDevice = Pick<ActiveDevice, 'dev' | 'node'>

/** Returns the mount of a device, from its own node. */
export function mountOf({ dev, node }: ThinDevice): MountRow | undefined {
  return readMounts().find((mount) => mount.device === deviceText(dev) && mount.source === node)
}

/**
 * Writes back what the file system inside holds: delayed allocations get their blocks only then. Throws
 * `driver.pool-full` when they cannot.
 */
export function writeBack(syscalls: Syscalls, pool: ThinPool, device: ThinDevice): void {
  const mounted = mountOf(device)
  if (mounted === undefined) return
  const fd = openSync(mounted.target, 'r')
  try {
    syscalls.syncfs(fd)
  } catch (error) {
    // EIO, for instance: the reason is the pool's.
    requireWritable(pool.status())
    throw error
  } finally {
    closeSync(fd)
  }
}

/**
 * Returns where the bytes of a file lie. The pool knows blocks, the file system inside which of them are the file's; unmounted or inactive, all of
 * the device counts.
 */
export function provenanceInPool(
  syscalls: Syscalls,
  pool: ThinPool,
  thinId: number,
  device: ThinDevice | undefined,
  path: string,
): Provenance {
  if (device !== undefined) writeBack(syscalls, pool, device)
  const blocks = pool.blocks(thinId)
  const mount = device === undefined ? undefined : mountOf(device)
  const parts = mount === undefined ? undefined : occupied(extentsOf(syscalls, join(mount.target, path)))
  const { own, inherited } = bytesIn(blocks, parts)
  return { layer: 'shared', sharedBytes: inherited, exclusiveBytes: own }
}

/** Returns how full the pool is. Below its low-water mark it still works, but Docker would have refused the container. */
export function poolCondition(pool: ThinPool): Condition {
  const status = pool.status()
  const failure = failureOf(status)
  if (failure !== null) return { failure }
  const free = freeShare(status)
  const percent = Math.floor(free * 100)
  const message = `the thin pool has ${percent} % free; Docker makes no container below ${LOW_WATER_SHARE * 100} %`
  return {
    details: { poolFree: free },
    warnings: free < LOW_WATER_SHARE ? [{ code: 'driver.pool-low', message }] : [],
  }
}

/** Returns the space that all snapshots take. */
export function allocatedInPool(pool: ThinPool): { bytes: number; inodes: null } {
  return { bytes: pool.status().usedDataBlocks * pool.blockSize, inodes: null }
}
