/** Files, loop devices that stand in for disks, nodes and links: made for one case, and taken away after it. */
import { createHash } from 'node:crypto'
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { createSyscalls } from '../../../host/syscalls.ts'
import { extentsOf } from '../../../linux/fiemap.ts'
import { deviceText } from '../../../linux/device-number.ts'
import { bounded, succeed } from '../bounded.ts'

/** Where backing files lie: on a disk, not in memory. */
export const FILES = '/srv/loops'
export const BY_ID = '/dev/disk/by-id'
const GIBIBYTE = 1024 ** 3
const PIECE = 2 ** 20
const syscalls = createSyscalls()

/** Gives this sandbox the nodes of all loop devices of the machine, and a folder for names of disks. */
export function makeNodes(): void {
  bounded(5, ['mknod', '/dev/loop-control', 'c', '10', '237'])
  for (const name of readdirSync('/sys/block').filter((each) => each.startsWith('loop'))) makeNode(name)
  for (const folder of [BY_ID, '/dev/block', '/dev/pts', '/dev/shm']) mkdirSync(folder, { recursive: true })
}

/** Makes the node of a device that the kernel lists; udev is not here to do so. */
export function makeNode(name: string): void {
  const path = `/dev/${name}`
  const number = readDevice(name)
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found !== undefined && deviceText(found.rdev) === number) return
  rmSync(path, { force: true })
  const [major = '', minor = ''] = number.split(':')
  succeed('mknod', [path, 'b', major, minor])
}

function readDevice(name: string): string {
  return succeed('cat', [`/sys/class/block/${name}/dev`]).trim()
}

export class Workbench implements Disposable {
  readonly undo: (() => void)[] = []
  private count = 0

  /** Makes a sparse file whose first and last bytes are precious. */
  file(bytes = GIBIBYTE): string {
    const path = join(FILES, `${(this.count += 1)}.disk`)
    writeFileSync(path, '')
    truncateSync(path, bytes)
    this.undo.push(() => rmSync(path, { force: true }))
    return path
  }

  /** Makes a file that carries `text` at byte `offset`. */
  fileWith(text: string | Buffer, offset: number, bytes = GIBIBYTE): string {
    const path = this.file(bytes)
    const fd = openSync(path, 'r+')
    writeSync(fd, Buffer.from(text), 0, undefined, offset)
    closeSync(fd)
    return path
  }

  /** Attaches a file as a disk that nobody has open. Returns its node. */
  disk(file = this.file(), ...more: readonly string[]): string {
    const device = succeed('losetup', ['--find', '--show', ...more, file]).trim()
    this.undo.push(() => bounded(10, ['losetup', '--detach', device]))
    makeNode(basename(device))
    return device
  }

  /** Divides a disk into one partition. Returns the node of the partition. */
  partition(device: string): string {
    succeed('sfdisk', ['--quiet', '--no-tell-kernel', '--label', 'gpt', device], 'start=2048, size=1800000\n')
    succeed('partx', ['--update', device])
    this.undo.push(() => bounded(10, ['partx', '--delete', device]))
    makeNode(`${basename(device)}p1`)
    return `${device}p1`
  }

  mount(device: string, ...options: readonly string[]): void {
    const target = this.folder()
    succeed('mount', [...options, device, target])
    this.undo.push(() => bounded(10, ['umount', target]))
    // btrfs writes what it has made at the mount half a minute later.
    succeed('sync', ['--file-system', target])
  }

  folder(): string {
    const path = join('/mnt', `bench-faults-${(this.count += 1)}`)
    mkdirSync(path, { recursive: true })
    this.undo.push(() => rmSync(path, { recursive: true, force: true }))
    return path
  }

  /** Makes a second node of a device. */
  alias(device: string): string {
    const path = join(this.folder(), 'alias')
    const [major = '', minor = ''] = deviceText(statSync(device).rdev).split(':')
    succeed('mknod', [path, 'b', major, minor])
    return path
  }

  link(target: string, path = join(this.folder(), 'link')): string {
    symlinkSync(target, path)
    this.undo.push(() => rmSync(path, { force: true }))
    return path
  }

  [Symbol.dispose](): void {
    for (const step of this.undo.toReversed()) step()
  }
}

/** Returns the sum of every backing file's bytes that are allocated, and where they lie in it. */
export function sumsOfFiles(): ReadonlyMap<string, string> {
  succeed('sync', ['--file-system', FILES])
  return new Map(readdirSync(FILES).map((name) => [name, sumOf(join(FILES, name))]))
}

function sumOf(path: string): string {
  const hash = createHash('sha256').update(String(statSync(path).size))
  const fd = openSync(path, 'r')
  const piece = Buffer.alloc(PIECE)
  const zeros = Buffer.alloc(PIECE)
  try {
    for (const { logical, length } of extentsOf(syscalls, path)) {
      for (let at = logical; at < logical + length; at += PIECE) {
        const count = readSync(fd, piece, 0, Math.min(PIECE, logical + length - at), at)
        const bytes = piece.subarray(0, count)
        // A hole and zeros are the same bytes.
        if (!bytes.equals(zeros.subarray(0, count))) hash.update(`${at}:`).update(bytes)
      }
    }
  } finally {
    closeSync(fd)
  }
  return hash.digest('hex')
}
