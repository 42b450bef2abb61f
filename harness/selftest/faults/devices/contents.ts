/** Disks that nothing uses, and that carry something or are of no use. */
import { rmSync } from 'node:fs'
import { basename } from 'node:path'
import { lvmLabel } from '../../../testing/lvm-label.ts'
import { bounded, succeed } from '../bounded.ts'
import { byId, type State } from './states.ts'
import { makeNode, type Workbench } from './workbench.ts'

/** A case: what to name, and what to add to the command line. */
export interface NamedDisk extends State {
  destroy?: (bench: Workbench, device: string) => string
}

const MIB = 1024 ** 2

function md090(bytes: number): [Buffer, number] {
  const block = Buffer.alloc(4096)
  // linux/raid/md_p.h: magic, major and minor version, in the last whole 64 KiB but one.
  block.writeUInt32LE(0xa92b4efc, 0)
  block.writeUInt32LE(0, 4)
  block.writeUInt32LE(90, 8)
  return [block, Math.floor(bytes / 65536) * 65536 - 65536]
}

const GIBIBYTE = 1024 ** 3

const written: Readonly<Record<string, [Buffer | string, number]>> = {
  'a part of LVM': [lvmLabel(), 512],
  'a part of a RAID': md090(GIBIBYTE),
  'an encrypted volume': ['LUKS\xba\xbe\x00\x01', 0],
}

function withBytes(): NamedDisk[] {
  return Object.entries(written).map(([what, [bytes, at]]) => ({
    what,
    make: (bench) => {
      const text = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes
      return bench.disk(bench.fileWith(text, at))
    },
  }))
}

const formats: Readonly<Record<string, readonly [string, ...string[]]>> = {
  ext4: ['mkfs.ext4', '-q'],
  xfs: ['mkfs.xfs', '-q'],
  swap: ['mkswap', '--quiet'],
  'a file system of several disks': ['mkfs.btrfs', '--quiet'],
}

function withFormat(): NamedDisk[] {
  return Object.entries(formats).map(([what, [program, ...args]]) => ({
    what: `carries ${what}`,
    make(bench) {
      const device = bench.disk()
      succeed(program, [...args, device])
      return device
    },
  }))
}

function divided(): NamedDisk[] {
  const disk = (what: string, label: string, partition: Buffer | null): NamedDisk => ({
    what,
    make(bench) {
      const file = partition === null ? bench.file() : bench.fileWith(partition, MIB + 512)
      const device = bench.disk(file)
      succeed(
        'sfdisk',
        ['--quiet', '--no-tell-kernel', '--label', label, device],
        'start=2048, size=1800000\n',
      )
      succeed('partx', ['--update', device])
      bench.undo.push(() => bounded(10, ['partx', '--delete', device]))
      makeNode(`${basename(device)}p1`)
      return device
    },
  })
  return [
    disk('carries a GPT', 'gpt', null),
    disk('carries a table of DOS', 'dos', null),
    disk('carries a partition that is a part of LVM', 'gpt', lvmLabel()),
  ]
}

/** Names that do not say that this disk may be destroyed. */
const wrongNames: Readonly<Record<string, (bench: Workbench, device: string) => string>> = {
  'another disk': (bench) => {
    byId(bench, bench.disk(), 'faults-other')
    return 'faults-other'
  },
  'a name that dangles': (bench) => {
    byId(bench, '/dev/gone', 'faults-gone')
    return 'faults-gone'
  },
  'its node': (_, device) => device,
  'its path in by-id': (bench, device) => byId(bench, device, 'faults-path'),
  'a pattern': (bench, device) => {
    byId(bench, device, 'faults-one')
    return 'faults-*'
  },
  nothing: () => '',
  'the folder': () => '.',
  'the folder above': () => '..',
  'the beginning of its name': (bench, device) => {
    byId(bench, device, 'faults-long')
    return 'faults-lon'
  },
  'its name in capitals': (bench, device) => {
    byId(bench, device, 'faults-small')
    return 'FAULTS-SMALL'
  },
  'a name beside one that dangles': (bench, device) => {
    byId(bench, '/dev/gone', 'faults-a')
    byId(bench, device, 'faults-b')
    return 'faults-a'
  },
}

/** Names that say so, of a disk that must not be destroyed by any. */
const rightName = (bench: Workbench, device: string) => {
  byId(bench, device, 'faults-right')
  return 'faults-right'
}

function destroyed(): NamedDisk[] {
  const [ext4] = withFormat()
  const wrong = Object.entries(wrongNames).map(([what, destroy]) => ({
    ...(ext4 as NamedDisk),
    what: `carries ext4; --destroy with ${what}`,
    destroy,
  }))
  const members = [...withBytes().slice(0, 2), ...divided().slice(2)]
  return [
    ...wrong,
    ...members.map((disk) => ({ ...disk, what: `${disk.what}; --destroy`, destroy: rightName })),
  ]
}

function useless(): NamedDisk[] {
  return [
    { what: 'read-only', make: (bench) => bench.disk(bench.file(), '--read-only') },
    { what: 'too small', make: (bench) => bench.disk(bench.file(8 * MIB)) },
    { what: 'a little too small', make: (bench) => bench.disk(bench.file(500 * MIB)) },
    {
      what: 'without a medium',
      make(bench) {
        const device = bench.disk()
        succeed('losetup', ['--detach', device])
        return device
      },
    },
    {
      what: 'a node of a number that no device has',
      make(bench) {
        const path = `${bench.folder()}/node`
        succeed('mknod', [path, 'b', '7', '1048000'])
        return path
      },
    },
    {
      what: 'whose own node is that of another disk',
      make(bench) {
        const [device, other] = [bench.disk(), bench.disk()]
        const alias = bench.alias(device)
        const node = succeed('stat', ['--format=%Hr %Lr', other]).trim().split(' ')
        const own = succeed('stat', ['--format=%Hr %Lr', device]).trim().split(' ')
        rmSync(device)
        succeed('mknod', [device, 'b', ...node])
        bench.undo.push(() => {
          rmSync(device)
          succeed('mknod', [device, 'b', ...own])
        })
        return alias
      },
    },
  ]
}

/** Returns the disks. */
export function contents(): NamedDisk[] {
  return [...withBytes(), ...withFormat(), ...divided(), ...destroyed(), ...useless()]
}
