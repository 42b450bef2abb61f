/** A block device that is given over: found by number, refused unless nothing uses it, and claimed while it is written. */
import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs'
import type { DeviceIdentity } from '../contracts/device.ts'
import { BenchError, messageOf, usageError } from '../contracts/error.ts'
import type { CommandOptions, CommandResult, Host } from '../contracts/host.ts'
import { errnoOf } from '../contracts/syscalls.ts'
import { blockBytes, blockIdentity, blockName, blockNode, blockNumberAt } from '../linux/block/device.ts'
import { readBlockStorage } from '../linux/block/storage.ts'
import { openerOfBlockDevice, userOfBlockDevice } from '../linux/block/users.ts'
import { deviceText } from '../linux/device-number.ts'
import { nameOfKind } from '../linux/input-file.ts'
import { blockFolder, isPartition, readSysfs } from '../linux/sysfs.ts'
import { until } from '../linux/until.ts'
import { hostProc } from './host-proc.ts'

/** The first descriptor after standard input, output and error: the device, in a command that is run on it. */
const DESCRIPTOR = 3
/** The device in a command that is run on it: whatever is done to nodes and links meanwhile, it is this one. */
const DEVICE = `/proc/self/fd/${DESCRIPTOR}`

const FREE = 'give a device that nothing uses'
/** udev and others look at a device for a moment after it has changed. */
const PATIENCE_MILLISECONDS = 2000
const MILLISECONDS_BETWEEN = 100

export interface ClaimWishes {
  /** The device that an earlier check found; null: this is the first. */
  identity: DeviceIdentity | null
  /** Whether it is to be written: it is opened for writing then, and not before it is known to be free. */
  write: boolean
}

/** A device that this process has open until it is disposed. */
export interface ClaimedDevice extends Disposable {
  /** `sda1` */
  readonly name: string
  /** `/dev/sda1`, for messages and for what attaches to it. */
  readonly node: string
  readonly bytes: number
  readonly isPartition: boolean
  readonly identity: DeviceIdentity
  /** Throws a usage error when anything uses the device by now, or when it is another one. */
  requireUnchanged(): void
  /** Runs a command on the device, which stands in place of {@link DEVICE_WORD} in its words. */
  run(program: string, args: readonly string[], options?: CommandOptions): Promise<CommandResult>
  /** Lets others claim it, and its partitions be mounted. It stays open, so that its number stays its own. */
  share(): void
}

/** Stands for the device among the words of a command. */
export const DEVICE_WORD = '{device}'

/**
 * Claims the device that a path leads to, by whatever links and alias: until it is disposed, the kernel lets nobody else claim
 * it. Throws a usage error when anything uses it, and when it is not the one of `identity`.
 */
export async function claimDevice(host: Host, path: string, wishes: ClaimWishes): Promise<ClaimedDevice> {
  const name = deviceAt(path)
  const found = blockIdentity(name)
  if (wishes.identity !== null) requireSame(blockNode(name), wishes.identity, found)
  await requireUnused(host, name)
  const device = claimedDevice(host, name, wishes.identity ?? found, claim(host, name, wishes.write))
  try {
    device.requireUnchanged()
    return device
  } catch (error) {
    device[Symbol.dispose]()
    throw error
  }
}

function claimedDevice(
  host: Host,
  name: string,
  identity: DeviceIdentity,
  claims: readonly [number, ...number[]],
): ClaimedDevice {
  const node = blockNode(name)
  let open = claims
  const close = () => open.forEach((fd) => closeSync(fd))
  return {
    name,
    node,
    bytes: identity.bytes,
    isPartition: isPartition(blockFolder(name)),
    identity,
    requireUnchanged() {
      requireSame(node, identity, { ...blockIdentity(name), number: deviceText(fstatSync(open[0]).rdev) })
      const user = userOfBlockDevice(host.syscalls, name)
      if (user !== null) throw usageError('device-busy', user, FREE)
    },
    async run(program, args, options = {}) {
      const words = args.map((word) => (word === DEVICE_WORD ? DEVICE : word))
      try {
        return await host.run(program, words, { ...options, descriptors: [open[0]] })
      } catch (error) {
        throw renamed(error, node)
      }
    },
    share() {
      const shared = openSync(`/proc/self/fd/${open[0]}`, 'r')
      close()
      open = [shared]
    },
    [Symbol.dispose]: close,
  }
}

/** Returns the kernel's name of the block device that a path leads to. Opens nothing. */
function deviceAt(path: string): string {
  const stat = statOf(path)
  if (!stat.isBlockDevice())
    throw usageError(
      'device-kind',
      `${path} is ${nameOfKind(stat)}, not a block device`,
      'for a folder, use --scratch',
    )
  const number = deviceText(stat.rdev)
  const name = blockName(number)
  if (name === null)
    throw usageError(
      'device-missing',
      `${path} is no device: there is none with the number ${number}`,
      'see lsblk',
    )
  const node = blockNode(name)
  if (blockNumberAt(node) !== number)
    throw usageError(
      'device-node',
      `${path} is the device ${number}, and ${node} is not`,
      `${node} has to be the node of ${number}`,
    )
  if (blockBytes(name) === 0)
    throw usageError('device-empty', `${node} has no medium: its size is 0`, 'see lsblk')
  if (readSysfs(`${blockFolder(name)}/ro`) === '1')
    throw usageError('device-write', `${node} is read-only`, 'see lsblk')
  return name
}

function statOf(path: string) {
  try {
    return statSync(path)
  } catch (error) {
    const reason = errnoOf(error) === 'ENOENT' ? 'does not exist' : `cannot be looked at: ${messageOf(error)}`
    throw usageError('device-missing', `${path} ${reason}`, 'see lsblk')
  }
}

/** Waits a moment for processes that only look, as udev does. */
async function requireUnused(host: Host, name: string): Promise<void> {
  let opener: ReturnType<typeof openerOfBlockDevice> = null
  const isUnused = () => {
    const user = userOfBlockDevice(host.syscalls, name)
    if (user !== null) throw usageError('device-busy', user, FREE)
    opener = openerOfBlockDevice(host.syscalls, name, hostProc() ?? '/proc')
    return opener === null
  }
  const error = () =>
    usageError('device-busy', `${blockNode(name)} is open in process ${opener?.pid} (${opener?.name})`, FREE)
  await until(isUnused, { every: MILLISECONDS_BETWEEN, within: PATIENCE_MILLISECONDS, error })
}

/**
 * Opens the device, and each block device that a loop device beneath stands on, with O_EXCL: that fails with EBUSY while
 * someone has claimed it or a part of it, as a mount in any namespace does (open(2)), and keeps others from it until it is
 * closed.
 */
function claim(host: Host, name: string, write: boolean): readonly [number, ...number[]] {
  const claims: [number, ...number[]] = [openExclusively(name, write)]
  try {
    const storage = readBlockStorage(host.syscalls)
    for (const device of [name, ...storage.allBeneath(name)]) {
      const below = storage.loops.has(device) ? storage.beneath(device) : []
      for (const backing of below) claims.push(openExclusively(backing, false))
    }
    return claims
  } catch (error) {
    claims.forEach((fd) => closeSync(fd))
    throw error
  }
}

function openExclusively(name: string, write: boolean): number {
  const node = blockNode(name)
  try {
    return openSync(node, constants.O_EXCL | (write ? constants.O_RDWR : constants.O_RDONLY))
  } catch (error) {
    if (errnoOf(error) === 'EBUSY') throw usageError('device-busy', `${node} is in use`, FREE)
    throw usageError('device-write', `${node} cannot be opened: ${messageOf(error)}`, 'see lsblk')
  }
}

function requireSame(node: string, wanted: DeviceIdentity, found: DeviceIdentity): void {
  const different = (Object.keys(wanted) as (keyof DeviceIdentity)[]).find(
    (key) => wanted[key] !== found[key],
  )
  if (different === undefined) return
  throw changed(node, `its ${different} was ${String(wanted[different])} and is ${String(found[different])}`)
}

function changed(node: string, how: string): BenchError {
  return usageError(
    'device-changed',
    `${node} is another device than the one that was checked: ${how}`,
    'see lsblk',
  )
}

/** A person knows the device by its node. */
function renamed(error: unknown, node: string): unknown {
  if (!(error instanceof BenchError)) return error
  const { code, hint, exitCode, cause } = error
  return new BenchError(error.message.replaceAll(DEVICE, node), {
    code,
    exitCode,
    cause,
    ...(hint === undefined ? {} : { hint }),
  })
}
