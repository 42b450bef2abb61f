/** Finds the users of a block device, and of the bytes that it is stored on. */
import { existsSync, statSync } from 'node:fs'
import type { Syscalls } from '../../contracts/syscalls.ts'
import { readMounts, type MountRow } from '../mountinfo.ts'
import { swapAreas } from '../swaps.ts'
import { blockFolder, partitionsOf, readSysfs } from '../sysfs.ts'
import { blockNode, blockNumberAt, blockRelations, diskOfPartition } from './device.ts'
import { fileKey } from './loop-status.ts'
import { openBy, type OpenBy } from './open-files.ts'
import { overlap, readBlockStorage, type BlockStorage } from './storage.ts'

/**
 * Returns a sentence that names the user of the device, of a part of it, or of bytes that it shares with another device;
 * null if there is none. Mounts of other namespaces are not visible here: for those the kernel refuses O_EXCL (open(2)).
 */
export function userOfBlockDevice(syscalls: Pick<Syscalls, 'ioctl'>, name: string): string | null {
  const storage = readBlockStorage(syscalls)
  const beneath = storage.allBeneath(name)
  const family = [name, ...partitionsOf(name), ...beneath]
  for (const device of family) {
    const user = directUser(device, family)
    if (user !== null) return `${blockNode(device)} ${user}`
  }
  return loopUpon(name, storage, beneath) ?? fileUser(name, storage)
}

/**
 * Returns a process that has the device, a part of it or a device beneath open: a virtual machine on a disk claims nothing
 * and is known by its open file alone. Null where none has. `proc`: a /proc that shows the processes that count.
 */
export function openerOfBlockDevice(
  syscalls: Pick<Syscalls, 'ioctl'>,
  name: string,
  proc: string,
): OpenBy | null {
  const family = [name, ...partitionsOf(name), ...readBlockStorage(syscalls).allBeneath(name)]
  return openBy(new Set(family.flatMap((device) => readSysfs(`${blockFolder(device)}/dev`) ?? [])), proc)
}

/** `family`: devices that may stand on each other, since they all are the one that is asked about or lie beneath it. */
function directUser(name: string, family: readonly string[]): string | null {
  const number = readSysfs(`${blockFolder(name)}/dev`)
  const mount = readMounts().find((row) => row.device === number || sourceNumber(row) === number)
  if (mount !== undefined) return `is mounted on ${mount.target}`
  if (swapAreas().some((path) => blockNumberAt(path) === number)) return 'is used as swap'
  const holder = blockRelations(name, 'holders').find((other) => !family.includes(other))
  if (holder !== undefined) return `is held by ${blockNode(holder)}`
  return existsSync(`${blockFolder(name)}/bcache`) ? 'is part of a bcache' : null
}

/** File systems whose paths may take as long to look up as a server or a daemon takes to answer. */
const REMOTE = /^(?:fuse|nfs|cifs|smb|9p|ceph|afs|autofs)/

/** A file system of several devices has a number of its own (btrfs), and its source is one of them. */
function sourceNumber({ type, source }: MountRow): string | null {
  return source.startsWith('/') && !REMOTE.test(type) ? blockNumberAt(source) : null
}

/** A loop device claims nothing beneath it: the kernel would let two write to the same bytes. */
function loopUpon(name: string, storage: BlockStorage, beneath: readonly string[]): string | null {
  const extents = storage.extents(name)
  const kin = [name, ...partitionsOf(name), ...beneath]
  const disk = diskOfPartition(name)
  for (const [loop, status] of storage.loops) {
    if (kin.includes(loop)) continue
    if (status === 'unknown')
      return `${blockNode(loop)} is attached to something that cannot be looked at from here`
    if (!overlap(extents, storage.extents(loop))) continue
    const upon = storage.allBeneath(loop)
    if (upon.includes(name)) return `${blockNode(name)} is the backing of ${blockNode(loop)}`
    const of = upon.find((other) => other !== disk && kin.includes(other)) ?? status.path
    return `${blockNode(name)} shares its bytes with ${blockNode(loop)}: both lie on ${of}`
  }
  return null
}

/** The file that a loop device stands on may be in use without it: as swap, or as the image of a file system. */
function fileUser(name: string, storage: BlockStorage): string | null {
  const files = new Set(storage.extents(name).map(({ root }) => root))
  const swap = swapAreas().find((path) => isOneOf(path, files))
  if (swap !== undefined) return `${blockNode(name)} lies on ${swap}, which is used as swap`
  const mount = readMounts().find(({ type, source }) => !REMOTE.test(type) && isOneOf(source, files))
  return mount === undefined
    ? null
    : `${blockNode(name)} lies on ${mount.source}, which is mounted on ${mount.target}`
}

function isOneOf(path: string, files: ReadonlySet<string>): boolean {
  if (!path.startsWith('/')) return false
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat !== undefined && files.has(fileKey(stat.dev, stat.ino))
}
