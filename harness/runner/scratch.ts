/** Equal scratch for every configuration: fully allocated loop files in a folder, or parts of a device. */
import { accessSync, closeSync, constants, fsyncSync, openSync, statSync, statfsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeviceIdentity } from '../contracts/device.ts'
import { BenchError, ExitCode, messageOf, usageError } from '../contracts/error.ts'
import { onUserPath } from '../contracts/host-error.ts'
import type { Host } from '../contracts/host.ts'
import type { RunOptions } from '../contracts/options.ts'
import { formatSize } from '../contracts/units.ts'
import { existingFolder } from '../linux/existing-folder.ts'
import { placeOf } from '../journal/place.ts'
import { checkDevice, divideDevice, type DeviceWishes } from './scratch-device.ts'
import type { ScratchSlot, ScratchSlots } from './scratch-slot.ts'
import { makeFolders } from '../linux/make-folders.ts'
import { scratchDirectory } from '../linux/xdg.ts'

/** statfs' f_type of file systems that keep files in memory: a loop device on one measures memory. */
const MEMORY_FILESYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x01021994, 'tmpfs'],
  [0x858458f6, 'ramfs'],
])
/** Bytes that must stay free for everything else on the disk. */
const RESERVE = 1024 ** 3

/** Refuses what could only fail later, before anything is made. Returns what tells the device from another one later. */
export async function checkScratch(
  host: Host,
  scratch: RunOptions['scratch'],
  destroy: string | null,
): Promise<DeviceIdentity | null> {
  if (scratch.kind === 'device') return checkDevice(host, scratch.path, destroy, scratch.size)
  const parent = existingFolder(scratch.path)
  requireFolder(parent)
  requireReachable(scratch.path)
  requireDisk(parent)
  requireWritable(parent, scratch.path)
  // How many configurations can run is not known yet: one at least.
  requireSpace(parent, 1, scratch.size)
  return null
}

/** A link to nothing, a circle of links and a name that is too long can neither be made nor be found again. */
function requireReachable(path: string): void {
  try {
    placeOf(path)
  } catch (error) {
    throw usageError('scratch-path', `${path} cannot be used: ${messageOf(error)}`, 'give a folder')
  }
}

/** Nothing may be destroyed. */
const NOTHING_KNOWN: DeviceWishes = { destroy: null, identity: null }

/** Makes the scratch of a run; journalled before it is made. */
export async function openScratch(
  host: Host,
  scratch: RunOptions['scratch'],
  runId: string,
  configurations: readonly string[],
  wishes: DeviceWishes = NOTHING_KNOWN,
): Promise<ScratchSlots> {
  if (scratch.kind === 'loop')
    return makeLoopFiles(host, join(scratch.path, runId), configurations, scratch.size)
  return divideDevice(host, scratch.path, wishes, `bench-${runId}`, configurations, scratch.size)
}

/**
 * Makes one file a configuration in `folder`, journalled before it is made. Throws, before making anything, when the
 * folder's disk is too small or is memory.
 */
function makeLoopFiles(
  host: Host,
  folder: string,
  configurations: readonly string[],
  size: number,
): ScratchSlots {
  const parent = existingFolder(folder)
  requireDisk(parent)
  requireSpace(parent, configurations.length, size)
  const entries = [
    { kind: 'directory', path: folder },
    { kind: 'loop', path: folder },
  ] as const
  for (const entry of entries) host.journal.record(entry)
  makeFolders(folder, 0o700)
  const slots: Record<string, ScratchSlot> = {}
  for (const [index, configuration] of configurations.entries()) {
    const path = join(folder, `${index}.img`)
    allocate(host, path, size)
    slots[configuration] = { kind: 'loop', path, offset: 0, size }
  }
  return {
    slots,
    async release() {
      // Several at a time: to free the blocks of one waits for the disk.
      await rm(folder, { recursive: true, force: true })
      for (const entry of entries) host.journal.forget(entry)
    },
  }
}

function allocate(host: Host, path: string, size: number): void {
  const fd = onUserPath(() => openSync(path, 'wx', 0o600))
  try {
    host.syscalls.fallocate(fd, 0, 0, size)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function requireFolder(path: string): void {
  if (statSync(path).isDirectory()) return
  throw usageError('scratch-kind', `${path} is not a folder`, 'for a device, use --device')
}

function requireDisk(folder: string): void {
  const memory = MEMORY_FILESYSTEMS.get(statfsSync(folder).type)
  if (memory === undefined) return
  throw new BenchError(`${folder} is on ${memory}: it would measure memory, not a disk`, {
    code: 'scratch.memory',
    hint: 'give a folder on a disk: --scratch DIR',
    exitCode: ExitCode.usage,
  })
}

/** A folder that nobody named is the host's, and is where the state lies. */
function requireWritable(folder: string, path: string): void {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new BenchError(`${folder} cannot be written: ${messageOf(error)}`, {
      code: 'scratch.not-writable',
      hint: 'give a folder that can be written: --scratch DIR',
      exitCode: path === scratchDirectory() ? ExitCode.hostNotReady : ExitCode.usage,
    })
  }
}

function requireSpace(folder: string, count: number, size: number): void {
  const stat = statfsSync(folder)
  const free = stat.bavail * stat.bsize - RESERVE
  if (free >= count * size) return
  throw new BenchError(
    `${count} configuration${count === 1 ? '' : 's'} of ${formatSize(size)} need ${formatSize(count * size)}; ${folder} has ${gib(free)} free`,
    {
      code: 'scratch.space',
      hint: 'use fewer drivers, smaller parameters, --scratch-size, or --scratch DIR on a larger disk',
      exitCode: ExitCode.hostNotReady,
    },
  )
}

function gib(bytes: number): string {
  return `${(Math.max(0, bytes) / 1024 ** 3).toFixed(1)}G`
}
