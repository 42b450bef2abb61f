import { existsSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Fingerprint } from '../../contracts/fingerprint.ts'
import { readNumber, readText } from './read.ts'

type Disk = Fingerprint['disk']

const NOTHING: Disk = {
  device: null,
  model: null,
  rotational: null,
  scheduler: null,
  queueDepth: null,
  writeCache: null,
  filesystem: null,
  mountOptions: null,
}

export interface MountPoint {
  /** `MAJOR:MINOR` */
  device: string
  target: string
  type: string
  source: string
  /** Of the mount and of the file system together, in the order of the kernel. */
  options: string
}

/** Lines of /proc/self/mountinfo; fields by proc(5). */
export function parseMountinfo(text: string): MountPoint[] {
  const mounts: MountPoint[] = []
  for (const line of text.split('\n')) {
    const [before, after] = line.split(' - ')
    const [, , device, , target, mountOptions] = (before ?? '').split(' ')
    const [type, source, superOptions] = (after ?? '').split(' ')
    if (!device || !target || !type || !source) continue
    const options = new Set([...(mountOptions ?? '').split(','), ...(superOptions ?? '').split(',')])
    mounts.push({
      device,
      target: unescapeOctal(target),
      type,
      source: unescapeOctal(source),
      options: [...options].join(','),
    })
  }
  return mounts
}

/** The kernel writes space, tab, newline and backslash as three octal digits. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}

/** The mount that holds `file`, an absolute path: the longest target, and of equal ones the last, which hides the others. */
export function mountOf(file: string, mounts: readonly MountPoint[]): MountPoint | null {
  let found: MountPoint | null = null
  for (const mount of mounts) {
    const holds = mount.target === '/' || file === mount.target || file.startsWith(`${mount.target}/`)
    if (holds && (found === null || mount.target.length >= found.target.length)) found = mount
  }
  return found
}

/** The nearest folder above that is there: a scratch folder may still have to be made. */
export function existingFolder(file: string): string {
  let folder = path.resolve(file)
  while (!existsSync(folder)) folder = path.dirname(folder)
  return realpathSync(folder)
}

/** The disk under a folder, or a block device itself, as /proc and /sys tell. What is not known is null. */
export function readDisk(file: string): Disk {
  const place = existingFolder(file)
  const status = statSync(place)
  if (status.isBlockDevice()) return { ...NOTHING, ...queueFacts(deviceNumber(status.rdev)) }
  const mount = mountOf(place, parseMountinfo(readText('/proc/self/mountinfo') ?? ''))
  if (mount === null) return NOTHING
  // btrfs gives each subvolume a number of its own without a device: ask the source by name then.
  const device = existsSync(`/sys/dev/block/${mount.device}`) ? mount.device : numberOfNode(mount.source)
  return {
    ...NOTHING,
    filesystem: mount.type,
    mountOptions: mount.options,
    ...(device === null ? {} : queueFacts(device)),
  }
}

function numberOfNode(node: string): string | null {
  try {
    const status = statSync(node)
    return status.isBlockDevice() ? deviceNumber(status.rdev) : null
  } catch {
    return null
  }
}

/** `MAJOR:MINOR` of a device number, packed as glibc's makedev(3) does. */
function deviceNumber(device: number): string {
  const packed = BigInt(device)
  const major = ((packed >> 8n) & 0xfffn) | ((packed >> 32n) & ~0xfffn)
  const minor = (packed & 0xffn) | ((packed >> 12n) & 0xffffff00n)
  return `${major}:${minor}`
}

function queueFacts(device: string): Partial<Disk> {
  const own = `/sys/dev/block/${device}`
  if (!existsSync(own)) return {}
  // A partition's folder lies in its disk's, which has the queue.
  const disk = realpathSync(existsSync(`${own}/partition`) ? `${own}/..` : own)
  const rotational = readNumber(`${disk}/queue/rotational`)
  return {
    device: `/dev/${path.basename(realpathSync(own))}`,
    model: readText(`${disk}/device/model`) ?? virtualModel(disk),
    rotational: rotational === null ? null : rotational === 1,
    scheduler: activeScheduler(readText(`${disk}/queue/scheduler`)),
    queueDepth: readNumber(`${disk}/queue/nr_requests`),
    writeCache: readText(`${disk}/queue/write_cache`),
  }
}

/** Disks without a model: what kind of thing they are. */
function virtualModel(disk: string): string | null {
  if (existsSync(`${disk}/loop`)) return `loop on ${readText(`${disk}/loop/backing_file`) ?? 'a file'}`
  if (existsSync(`${disk}/dm`)) return `device mapper: ${readText(`${disk}/dm/name`) ?? '?'}`
  const driver = `${disk}/device/driver`
  return existsSync(driver) ? path.basename(realpathSync(driver)) : null
}

/** `none [mq-deadline] kyber` → `mq-deadline` */
export function activeScheduler(text: string | null): string | null {
  if (text === null) return null
  return /\[([^\]]+)\]/.exec(text)?.[1] ?? text
}
