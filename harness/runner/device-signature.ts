/** Reads the signatures on a device, and decides whether it may be overwritten. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { BenchError, ExitCode, messageOf, usageError } from '../contracts/error.ts'
import type { CommandResult, Host } from '../contracts/host.ts'
import { blockNode, blockNumberAt } from '../linux/block/device.ts'
import { blockFolder, partitionsOf, readSysfs } from '../linux/sysfs.ts'
import { DEVICE_WORD, type ClaimedDevice } from './device-claim.ts'

const BY_ID = '/dev/disk/by-id'

/** Names by libblkid of members of something larger, which would lose them. */
const MEMBER = /_member$|^(?:bcache|drbd|ceph_bluestore)$/

/** Arguments of wipefs(8) that print what is there, and write nothing. */
const LOOK = ['--no-act', '--json']

/**
 * Throws a usage error when the device or one of its partitions is a part of something larger (LVM, md, ZFS, bcache), and when
 * it carries anything else and `destroy` is not its name. What cannot be read cannot be known to be free: it is an error, too.
 */
export async function requireDestroyable(
  host: Host,
  device: ClaimedDevice,
  destroy: string | null,
): Promise<void> {
  const { node } = device
  const found = await signaturesBy(node, () => device.run('wipefs', [...LOOK, DEVICE_WORD]))
  for (const partition of partitionsOf(device.name)) {
    const own = partitionNode(device, partition)
    requireNoMember(own, await signaturesBy(own, () => host.run('wipefs', [...LOOK, own])))
  }
  requireNoMember(node, found)
  const [first] = found
  if (first === undefined) return
  if (destroy === null) {
    throw usageError(
      'device-not-empty',
      `${node} contains a signature of ${first.type}${first.label ? ` "${first.label}"` : ''}`,
      `to overwrite it, add --destroy with its name in ${BY_ID} or its serial`,
    )
  }
  const names = namesOf(device)
  if (names.includes(destroy)) return
  const known = names.length === 0 ? 'it has neither; empty it with wipefs' : `its names: ${names.join(', ')}`
  throw usageError(
    'device-name',
    `--destroy ${destroy} is not the by-id name or the serial of ${node}`,
    known,
  )
}

const signaturesSchema = z.object({
  signatures: z.array(z.object({ type: z.string(), label: z.string().nullish() })),
})
type Signature = z.infer<typeof signaturesSchema>['signatures'][number]

/** Returns the node of a partition. Throws a usage error where there is none, or where it is that of another device. */
function partitionNode({ node }: ClaimedDevice, partition: string): string {
  const own = blockNode(partition)
  const number = readSysfs(`${blockFolder(partition)}/dev`)
  if (number !== null && blockNumberAt(own) === number) return own
  throw usageError(
    'device-node',
    `${node} has the partition ${partition}, and ${own} is not its node, so its content cannot be checked`,
    `${own} has to be the node of ${number ?? 'it'}: udevadm trigger or mknod makes it`,
  )
}

/** Returns the signatures that wipefs(8) prints. */
async function signaturesBy(node: string, look: () => Promise<CommandResult>): Promise<Signature[]> {
  try {
    const { stdout } = await look()
    return stdout.trim() === '' ? [] : signaturesSchema.parse(JSON.parse(stdout)).signatures
  } catch (error) {
    throw new BenchError(`the content of ${node} cannot be checked: ${messageOf(error)}`, {
      code: 'device.unreadable',
      hint: 'is the disk broken? see dmesg',
      exitCode: ExitCode.hostNotReady,
      cause: error,
    })
  }
}

function requireNoMember(node: string, found: readonly Signature[]): void {
  const member = found.find(({ type }) => MEMBER.test(type))
  if (member === undefined) return
  throw usageError(
    'device-member',
    `${node} contains a signature of ${member.type}: it may be a part of something larger`,
    `take it out there (vgreduce, mdadm, zpool), then: wipefs --all ${node}`,
  )
}

/** Returns the names by which the device may be destroyed: those that udev gives it, and the serial number of a disk. */
function namesOf({ name, isPartition, identity }: ClaimedDevice): string[] {
  const number = readSysfs(`${blockFolder(name)}/dev`)
  const names = linksIn(BY_ID).filter((link) => blockNumberAt(join(BY_ID, link)) === number)
  return identity.serial === null || isPartition ? names : [...names, identity.serial]
}

/** None without udev. */
function linksIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
