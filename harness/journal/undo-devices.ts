/** Undoes loop devices, device-mapper devices, pools and partitions. */
import { lstatSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from '../contracts/host.ts'
import { NotOurs } from './not-ours.ts'
import { attachedLoops, blockFolder, loopFile, mappedDevices, partitionsOf } from '../linux/sysfs.ts'

type Programs = Pick<Host, 'run' | 'which'>

/** Detaches the loop devices of files at or below a path. Throws while one of them is attached. */
export async function detachLoops(host: Programs, path: string): Promise<string | null> {
  const detached: string[] = []
  for (const { name, file } of attachedLoops()) {
    // A file that was unlinked has a suffix.
    const own = file.replace(/ \(deleted\)$/, '')
    if (!(own === path || own.startsWith(`${path}/`))) continue
    const { stderr } = await host.run('losetup', ['--detach', `/dev/${name}`], { accept: [0, 1] })
    // losetup reports nothing about a device that is still open: it detaches with its last user (loop.c, loop_clr_fd).
    if (loopFile(blockFolder(name)) === file) throw new Error(stderr.trim() || `/dev/${name} is still in use`)
    detached.push(name)
  }
  return detached.length === 0 ? null : `detached ${detached.join(', ')}`
}

/** Snapshots hold their pool, and the pool its data devices, so passes go on while one of them succeeds. */
export async function removeDeviceMapper(host: Programs, prefix: string): Promise<string | null> {
  const removed: string[] = []
  for (;;) {
    // A snapshot is younger than its pool.
    const names = mappedDevices().filter((name) => name.startsWith(prefix))
    if (names.length === 0) return removed.length === 0 ? null : `removed ${removed.join(', ')}`
    let progress = false
    for (const name of names) {
      const { exitCode } = await host.run('dmsetup', ['remove', '--retry', name], { accept: [0, 1] })
      if (exitCode !== 0) continue
      removed.push(name)
      progress = true
      // The drivers make their nodes themselves, and dmsetup leaves alone what it did not make.
      rmSync(join('/dev/mapper', name), { force: true })
    }
    if (!progress) throw new Error(`device-mapper devices ${names.join(', ')} are busy`)
  }
}

/** A pool outlives every process. The kernel lets go of its devices with it. */
export async function destroyPool(host: Programs, name: string): Promise<string | null> {
  if (host.which('zpool') === null || !(await hasPool(host, name))) return null
  await host.run('zpool', ['destroy', '-f', name])
  if (await hasPool(host, name)) throw new Error(`the pool ${name} is still there`)
  return `destroyed the pool ${name}`
}

async function hasPool(host: Programs, name: string): Promise<boolean> {
  const { exitCode } = await host.run('zpool', ['list', '-H', '-o', 'name', name], { accept: [0, 1] })
  return exitCode === 0
}

/**
 * Removes a partition table of ours: each of its partitions carries the run's label. wipefs opens the device for itself alone,
 * so that it fails while a partition is mounted.
 */
export async function wipePartitions(host: Programs, device: string, label: string): Promise<string | null> {
  const stat = lstatSync(device, { throwIfNoEntry: false })
  if (stat === undefined) return null
  if (!stat.isBlockDevice()) throw new NotOurs(`${device} is no block device`)
  const { stdout, exitCode } = await host.run('sfdisk', ['--dump', device], { accept: [0, 1] })
  if (exitCode !== 0 || !isOurs(stdout, label)) return null
  await host.run('wipefs', ['--all', device])
  await host.run('partx', ['--delete', device], { accept: [0, 1] })
  const left = partitionsOf(device)
  if (left.length > 0) throw new Error(`${device} still has ${left.join(', ')}`)
  return `removed the partitions of ${device}`
}

/** `/dev/sda1 : start=…, size=…, type=…, uuid=…, name="bench-…-0"`: sfdisk(8), its dump format. */
function isOurs(dump: string, label: string): boolean {
  const partitions = dump.split('\n').filter((line) => / : start=/.test(line))
  return partitions.length > 0 && partitions.every((line) => line.includes(`name="${label}-`))
}
