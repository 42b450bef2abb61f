import { existsSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Fingerprint } from '../../contracts/fingerprint.ts'
import { blockNumberAt } from '../../linux/block/device.ts'
import { deviceText } from '../../linux/device-number.ts'
import { existingFolder } from '../../linux/existing-folder.ts'
import { mountOf, type MountRow } from '../../linux/mountinfo.ts'
import {
  wholeDiskFolder,
  loopFile,
  numberedBlockFolder,
  readSysfs,
  readSysfsNumber,
} from '../../linux/sysfs.ts'

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

/** The disk under a folder, or a block device itself, as /proc and /sys tell. What is not known is null. */
export function readDisk(file: string): Disk {
  const place = existingFolder(file)
  const status = statSync(place)
  if (status.isBlockDevice()) return { ...NOTHING, ...queueFacts(deviceText(status.rdev)) }
  const mount = mountOf(place)
  if (mount === null) return NOTHING
  // btrfs gives each subvolume a number of its own without a device: ask the source by name then.
  const device = existsSync(numberedBlockFolder(mount.device)) ? mount.device : blockNumberAt(mount.source)
  return {
    ...NOTHING,
    filesystem: mount.type,
    mountOptions: allOptions(mount),
    ...(device === null ? {} : queueFacts(device)),
  }
}

/** Returns the options of the mount and of the file system together, each once, in the order of the kernel. */
export function allOptions({
  mountOptions,
  superOptions,
}: Pick<MountRow, 'mountOptions' | 'superOptions'>): string {
  return [...new Set([...mountOptions.split(','), ...superOptions.split(',')])].join(',')
}

function queueFacts(device: string): Partial<Disk> {
  const own = numberedBlockFolder(device)
  if (!existsSync(own)) return {}
  // The disk has the queue, not its partition.
  const disk = wholeDiskFolder(own)
  const rotational = readSysfsNumber(`${disk}/queue/rotational`)
  return {
    device: `/dev/${path.basename(realpathSync(own))}`,
    model: readSysfs(`${disk}/device/model`) ?? virtualModel(disk),
    rotational: rotational === null ? null : rotational === 1,
    scheduler: activeScheduler(readSysfs(`${disk}/queue/scheduler`)),
    queueDepth: readSysfsNumber(`${disk}/queue/nr_requests`),
    writeCache: readSysfs(`${disk}/queue/write_cache`),
  }
}

/** Disks without a model: what kind of thing they are. */
function virtualModel(disk: string): string | null {
  if (existsSync(`${disk}/loop`)) return `loop on ${loopFile(disk) ?? 'a file'}`
  if (existsSync(`${disk}/dm`)) return `device mapper: ${readSysfs(`${disk}/dm/name`) ?? '?'}`
  const driver = `${disk}/device/driver`
  return existsSync(driver) ? path.basename(realpathSync(driver)) : null
}

/** `none [mq-deadline] kyber` → `mq-deadline` */
export function activeScheduler(text: string | null): string | null {
  if (text === null) return null
  return /\[([^\]]+)\]/.exec(text)?.[1] ?? text
}
