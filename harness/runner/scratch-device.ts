/** A whole disk or partition that is given over: refused unless it is free, divided equally, and given back. */
import { closeSync, constants, openSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { BenchError, ExitCode, usageError } from '../contracts/error.ts'
import type { Host } from '../contracts/host.ts'
import { errnoOf } from '../contracts/syscalls.ts'
import { formatSize } from '../contracts/units.ts'
import type { ScratchSlot, ScratchSlots } from './scratch-slot.ts'
import { readMounts } from '../linux/mountinfo.ts'
import { swapAreas } from '../linux/swaps.ts'
import { blockFolder, isPartition, partitionsOf, readSysfs, readSysfsNumber } from '../linux/sysfs.ts'

const BY_ID = '/dev/disk/by-id'
const SECTOR = 512
const MIB = 1024 ** 2
/** Kept at both ends for the partition tables and for alignment. */
const MARGIN = 2 * MIB

/** Throws a usage error when the device is in use, or carries something that nobody said may be destroyed. */
export async function requireFreeDevice(host: Host, path: string, destroy: string | null): Promise<void> {
  const device = blockDevice(path)
  const parts = [basename(device), ...partitionsOf(basename(device))]
  for (const part of parts) {
    const node = `/dev/${part}`
    const user = mountedAt(part) ?? (swapAreas().includes(node) ? 'is used as swap' : null) ?? holderOf(part)
    if (user !== null) throw refused('device-busy', `${node} ${user}`, 'give a device that nothing uses')
  }
  requireUnclaimed(device)
  const signature = await signatureOf(host, device)
  if (signature === null) return
  if (destroy === null) {
    throw refused(
      'device-not-empty',
      `${device} carries ${signature}`,
      `to overwrite it, add --destroy with its name in ${BY_ID} or its serial`,
    )
  }
  const names = namesOf(device)
  if (names.includes(destroy)) return
  const known = names.length === 0 ? 'it has neither; empty it with wipefs' : `its names: ${names.join(', ')}`
  throw refused('device-name', `--destroy ${destroy} is not the by-id name or the serial of ${device}`, known)
}

/** Divides the device equally among the configurations. */
export async function divideDevice(
  host: Host,
  path: string,
  label: string,
  configurations: readonly string[],
  size: number,
): Promise<ScratchSlots> {
  const device = blockDevice(path)
  requireRoom(device, configurations.length, size)
  return isPartition(blockFolder(device))
    ? slicePartition(host, device, configurations, size)
    : partitionDisk(host, device, label, configurations, size)
}

/** Throws when the device cannot be divided into so many parts of this size (bytes). */
export function requireRoom(path: string, count: number, size: number): void {
  const device = blockDevice(path)
  const available = Math.max(0, bytesOf(basename(device)) - 2 * MARGIN)
  if (available >= count * size) return
  const room = formatSize(Math.floor(available / count / MIB) * MIB)
  throw new BenchError(`${device} has room for ${room} a configuration; ${formatSize(size)} are needed`, {
    code: 'scratch.space',
    hint: 'fewer drivers, smaller parameters or a larger device',
    exitCode: ExitCode.hostNotReady,
  })
}

/** The kernel knows no partitions within a partition, so loop devices stand for them, with direct I/O. */
function slicePartition(
  host: Host,
  device: string,
  configurations: readonly string[],
  size: number,
): ScratchSlots {
  const slots: Record<string, ScratchSlot> = {}
  for (const [index, configuration] of configurations.entries()) {
    slots[configuration] = { kind: 'loop', path: device, offset: MARGIN + index * size, size }
  }
  // The slices begin behind the margin, so that nothing of them looks like a file system of the whole partition.
  return {
    slots,
    release: () => host.run('wipefs', ['--all', '--force', '--quiet', device]).then(() => undefined),
  }
}

/** Equal GPT partitions, one a configuration, labelled with the run's name so that a clean-up finds its own. */
async function partitionDisk(
  host: Host,
  device: string,
  label: string,
  configurations: readonly string[],
  size: number,
): Promise<ScratchSlots> {
  const entry = { kind: 'partitions', device, label } as const
  host.journal.record(entry)
  const lines = configurations.map((_, index) => `size=${size / SECTOR}, name="${label}-${index}"`)
  await host.run('wipefs', ['--all', '--force', '--quiet', device])
  await host.run('sfdisk', ['--quiet', '--no-tell-kernel', '--label', 'gpt', device], {
    input: `${lines.join('\n')}\n`,
  })
  await host.run('partx', ['--update', device])
  const slots: Record<string, ScratchSlot> = {}
  for (const [index, configuration] of configurations.entries()) {
    slots[configuration] = { kind: 'device', path: await partitionNode(device, index + 1) }
  }
  return {
    slots,
    async release() {
      await host.run('wipefs', ['--all', '--force', '--quiet', device])
      await forgetPartitions(host, device)
      host.journal.settle(entry)
    },
  }
}

/** Of a disk, unlike most loop devices, wipefs and udev have the kernel read the table again: then partx finds none and ends with 1. */
async function forgetPartitions(host: Host, device: string): Promise<void> {
  const { stderr } = await host.run('partx', ['--delete', device], { accept: [0, 1] })
  if (partitionsOf(basename(device)).length === 0) return
  throw new BenchError(`${device} still has partitions: ${stderr.trim()}`, {
    code: 'scratch.partition',
    hint: 'is one of them in use? bench clean tries again',
    exitCode: ExitCode.notCleaned,
  })
}

/** `/dev/sda1`, `/dev/nvme0n1p1`, `/dev/loop0p1`: a `p` where the name ends in a digit. */
async function partitionNode(device: string, number: number): Promise<string> {
  const node = `${device}${/\d$/.test(device) ? 'p' : ''}${number}`
  // devtmpfs makes the node when the kernel has taken note of the partition; udev may hold it for a moment.
  for (let wait = 0; wait < 100; wait += 1) {
    if (statSync(node, { throwIfNoEntry: false })?.isBlockDevice()) return node
    await new Promise((next) => setTimeout(next, 20))
  }
  throw new BenchError(`${node} did not appear`, {
    code: 'scratch.partition',
    exitCode: ExitCode.hostNotReady,
  })
}

function blockDevice(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) throw refused('device-missing', `${path} does not exist`, 'see lsblk')
  if (!stat.isBlockDevice())
    throw refused('device-kind', `${path} is not a block device`, 'for a folder, use --scratch')
  const device = realpathSync(path)
  requireWritable(device)
  return device
}

function requireWritable(device: string): void {
  try {
    closeSync(openSync(device, 'r+'))
  } catch (error) {
    throw refused(
      'device-write',
      `${device} cannot be written: ${error instanceof Error ? error.message : ''}`,
      'see lsblk',
    )
  }
}

/**
 * What a mount in another namespace or another program holds shows nowhere above; the kernel knows it: opening a
 * block device with O_EXCL fails with EBUSY while someone has claimed it or a part of it (open(2)).
 */
function requireUnclaimed(device: string): void {
  try {
    closeSync(openSync(device, constants.O_RDWR | constants.O_EXCL))
  } catch (error) {
    if (errnoOf(error) !== 'EBUSY') throw error
    throw refused('device-busy', `${device} is in use`, 'give a device that nothing uses')
  }
}

function bytesOf(name: string): number {
  return (readSysfsNumber(`${blockFolder(name)}/size`) ?? 0) * SECTOR
}

/** Mounts name a device by its number, whatever path it was mounted by. */
function mountedAt(name: string): string | null {
  const number = readSysfs(`${blockFolder(name)}/dev`)
  const node = `/dev/${name}`
  const mount = readMounts().find(({ device, source }) => device === number || source === node)
  return mount === undefined ? null : `is mounted on ${mount.target}`
}

function holderOf(name: string): string | null {
  const [holder] = readdirSync(`${blockFolder(name)}/holders`)
  return holder === undefined ? null : `is held by ${holder}`
}

const signaturesSchema = z.object({
  signatures: z.array(z.object({ type: z.string(), label: z.string().nullish() })),
})

async function signatureOf(host: Host, device: string): Promise<string | null> {
  const { stdout } = await host.run('wipefs', ['--no-act', '--json', device])
  if (stdout.trim() === '') return null
  const [first] = signaturesSchema.parse(JSON.parse(stdout)).signatures
  return first === undefined ? null : `a signature of ${first.type}${first.label ? ` "${first.label}"` : ''}`
}

function namesOf(device: string): string[] {
  const names: string[] = []
  try {
    for (const name of readdirSync(BY_ID)) {
      if (realpathSync(join(BY_ID, readlinkSync(join(BY_ID, name)))) === device) names.push(name)
    }
  } catch {
    // no udev, so no names by id
  }
  const serial = serialOf(basename(device))
  return serial === null ? names : [...names, serial]
}

function serialOf(name: string): string | null {
  for (const file of ['serial', 'device/serial']) {
    const serial = readSysfs(`${blockFolder(name)}/${file}`)
    if (serial) return serial
  }
  return null
}

function refused(code: string, message: string, hint: string): BenchError {
  return usageError(code, message, hint)
}
