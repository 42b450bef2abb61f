/** Reads the signatures on a device, and decides whether it may be overwritten. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { usageError } from '../contracts/error.ts'
import type { Host } from '../contracts/host.ts'
import { blockNode, blockNumberAt } from '../linux/block/device.ts'
import { blockFolder, partitionsOf, readSysfs } from '../linux/sysfs.ts'
import { DEVICE_WORD, type ClaimedDevice } from './device-claim.ts'

const BY_ID = '/dev/disk/by-id'

/** Names by libblkid of members of something larger, which would lose them. */
const MEMBER = /_member$|^(?:bcache|drbd|ceph_bluestore)$/

/**
 * Throws a usage error when the device or one of its partitions is a part of something larger (LVM, md, ZFS, bcache), and when
 * it carries anything else and `destroy` is not its name.
 */
export async function requireDestroyable(
  host: Host,
  device: ClaimedDevice,
  destroy: string | null,
): Promise<void> {
  const { node } = device
  const { stdout } = await device.run('wipefs', ['--no-act', '--json', DEVICE_WORD])
  const found = signaturesIn(stdout)
  for (const partition of partitionsOf(device.name)) {
    const { stdout: text } = await host.run('wipefs', ['--no-act', '--json', blockNode(partition)])
    requireNoMember(blockNode(partition), signaturesIn(text))
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

function signaturesIn(stdout: string): Signature[] {
  return stdout.trim() === '' ? [] : signaturesSchema.parse(JSON.parse(stdout)).signatures
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

/** Names by which the device may be destroyed: those that udev gives it, and the serial number of a disk. */
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
