/** A whole disk or partition that is given over: refused unless it is free, divided equally, and given back. */
import type { DeviceIdentity } from '../contracts/device.ts'
import { BenchError, ExitCode } from '../contracts/error.ts'
import type { Host } from '../contracts/host.ts'
import { formatSize } from '../contracts/units.ts'
import { blockNode, blockNumberAt } from '../linux/block/device.ts'
import { blockFolder, partitionsOf, readSysfs, readSysfsNumber } from '../linux/sysfs.ts'
import { until } from '../linux/until.ts'
import { claimDevice, DEVICE_WORD, type ClaimedDevice } from './device-claim.ts'
import { requireDestroyable } from './device-signature.ts'
import type { ScratchSlot, ScratchSlots } from './scratch-slot.ts'

const SECTOR = 512
const MIB = 1024 ** 2
/** Kept at both ends for the partition tables and for alignment. */
const MARGIN = 2 * MIB

/** Patience with what has a partition open. */
const FORGET_SECONDS = 10
const FORGET_MILLISECONDS = 50

/** What is known about a device before it is written. */
export interface DeviceWishes {
  /** A device with a signature that may be overwritten all the same: its by-id name or serial. */
  destroy: string | null
  /** The device that was checked; null: it is not known. */
  identity: DeviceIdentity | null
}

/**
 * Throws a usage error when the device is in use or carries data that may not be overwritten, and a BenchError when it has
 * no room for `size` bytes. Returns its identity for a later check. Writes nothing, and opens the device for reading only.
 */
export async function checkDevice(
  host: Host,
  path: string,
  destroy: string | null,
  size: number,
): Promise<DeviceIdentity> {
  using device = await claimDevice(host, path, { identity: null, write: false })
  await requireDestroyable(host, device, destroy)
  requireRoom(device, 1, size)
  return device.identity
}

/**
 * Checks the device again, and divides it equally among the configurations, `size` bytes for each. A partition stays claimed
 * until it is given back; a disk until it is divided, since its partitions could not be mounted otherwise.
 */
export async function divideDevice(
  host: Host,
  path: string,
  { destroy, identity }: DeviceWishes,
  label: string,
  configurations: readonly string[],
  size: number,
): Promise<ScratchSlots> {
  const device = await claimDevice(host, path, { identity, write: true })
  try {
    await requireDestroyable(host, device, destroy)
    requireRoom(device, configurations.length, size)
    return device.isPartition
      ? slicePartition(device, configurations, size)
      : await partitionDisk(host, device, label, configurations, size)
  } catch (error) {
    device[Symbol.dispose]()
    throw error
  }
}

/** Throws when the device has no room for `count` parts of `size` bytes. */
function requireRoom({ node, bytes }: ClaimedDevice, count: number, size: number): void {
  const available = Math.max(0, bytes - 2 * MARGIN)
  if (available >= count * size) return
  const room = formatSize(Math.floor(available / count / MIB) * MIB)
  throw new BenchError(`${node} has room for ${room} a configuration; ${formatSize(size)} are needed`, {
    code: 'scratch.space',
    hint: 'use fewer drivers, smaller parameters or a larger device',
    exitCode: ExitCode.hostNotReady,
  })
}

/** The kernel knows no partitions within a partition, so loop devices stand for them, with direct I/O. */
function slicePartition(
  device: ClaimedDevice,
  configurations: readonly string[],
  size: number,
): ScratchSlots {
  device.requireUnchanged()
  const slots: Record<string, ScratchSlot> = {}
  for (const [index, configuration] of configurations.entries()) {
    slots[configuration] = { kind: 'loop', path: device.node, offset: MARGIN + index * size, size }
  }
  // The slices begin behind the margin, so that nothing of them looks like a file system of the whole partition.
  return {
    slots,
    async release() {
      await wipe(device)
      device[Symbol.dispose]()
    },
  }
}

/** Equal GPT partitions, one a configuration, labelled with the run's name so that a clean-up finds its own. */
async function partitionDisk(
  host: Host,
  device: ClaimedDevice,
  label: string,
  configurations: readonly string[],
  size: number,
): Promise<ScratchSlots> {
  const entry = { kind: 'partitions', device: device.node, label } as const
  host.journal.record(entry)
  const lines = configurations.map((_, index) => `size=${size / SECTOR}, name="${label}-${index}"`)
  device.requireUnchanged()
  await wipe(device)
  await forgetPartitions(device)
  // Without --no-reread sfdisk asks the kernel whether the disk is in use, and by the claim it is.
  await device.run('sfdisk', ['--quiet', '--no-reread', '--no-tell-kernel', '--label', 'gpt', DEVICE_WORD], {
    input: `${lines.join('\n')}\n`,
  })
  await device.run('partx', ['--update', DEVICE_WORD])
  const slots: Record<string, ScratchSlot> = {}
  for (const [index, configuration] of configurations.entries()) {
    slots[configuration] = { kind: 'device', path: await partitionNode(device.name, index + 1) }
  }
  device.share()
  return {
    slots,
    async release() {
      await wipe(device)
      await forgetPartitions(device)
      device[Symbol.dispose]()
      host.journal.forget(entry)
    },
  }
}

function wipe(device: ClaimedDevice): Promise<unknown> {
  return device.run('wipefs', ['--all', '--force', '--quiet', DEVICE_WORD])
}

/**
 * Makes the kernel forget the partitions. On a disk, unlike most loop devices, wipefs and udev make it read the table again:
 * then they are gone already. partx knows a device that it is handed only by a range of numbers.
 */
async function forgetPartitions(device: ClaimedDevice): Promise<void> {
  const { name, node } = device
  const numbers = partitionsOf(name).flatMap(
    (part) => readSysfsNumber(`${blockFolder(part)}/partition`) ?? [],
  )
  if (numbers.length === 0) return
  const range = `${Math.min(...numbers)}:${Math.max(...numbers)}`
  let said = ''
  const areForgotten = async () => {
    const remove = ['--delete', '--nr', range, DEVICE_WORD]
    said = (await device.run('partx', remove, { accept: [0, 1] })).stderr.trim()
    return partitionsOf(name).length === 0
  }
  const error = () =>
    new BenchError(`${node} still has partitions: ${said}`, {
      code: 'scratch.partition',
      hint: 'is one of them in use? bench clean tries again',
      exitCode: ExitCode.notCleaned,
    })
  // udev looks into each new partition, on a slow machine for seconds.
  await until(areForgotten, { every: FORGET_MILLISECONDS, within: FORGET_SECONDS * 1000, error })
}

/** `/dev/sda1`, `/dev/nvme0n1p1`, `/dev/loop0p1`: a `p` where the name ends in a digit. */
async function partitionNode(disk: string, partition: number): Promise<string> {
  const name = `${disk}${/\d$/.test(disk) ? 'p' : ''}${partition}`
  const node = blockNode(name)
  // devtmpfs makes the node when the kernel has taken note of the partition; udev may hold it for a moment.
  const isThere = () => {
    const number = readSysfs(`${blockFolder(name)}/dev`)
    return number !== null && blockNumberAt(node) === number
  }
  const error = () =>
    new BenchError(`${node} did not appear`, { code: 'scratch.partition', exitCode: ExitCode.hostNotReady })
  await until(isThere, { every: 20, within: 2000, error })
  return node
}
