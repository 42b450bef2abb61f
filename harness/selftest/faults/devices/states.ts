/** Disks that something uses, and the ways to name them. Each has to be refused by every name. */
import { spawn } from 'node:child_process'
import {
  closeSync,
  constants,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { deviceText } from '../../../linux/device-number.ts'
import { succeed, bounded } from '../bounded.ts'
import { BY_ID, type Workbench } from './workbench.ts'

export interface State {
  what: string
  /** Makes the disk and returns its node. */
  make(bench: Workbench): string | Promise<string>
  /** Returns why the kernel itself has written to the first disk by now; null where it has not. */
  writtenByKernel?(device: string): string | null
}

/** Nothing is left for the kernel to write after the mount. */
const AT_ONCE = ['-q', '-E', 'lazy_itable_init=0,lazy_journal_init=0']

const formatted = (bench: Workbench) => {
  const device = bench.disk()
  succeed('mkfs.ext4', [...AT_ONCE, device])
  return device
}

const OFFSET = 64 * 1024 ** 2

/** A second loop device over the bytes of the one that is named. */
function shared(
  what: string,
  other: (bench: Workbench, file: string) => string,
  ...more: readonly string[]
): State {
  return {
    what: `shares its bytes with a mounted loop device: ${what}`,
    make(bench) {
      const file = bench.file()
      const device = bench.disk(file)
      const upon = bench.disk(other(bench, file), ...more)
      succeed('mkfs.ext4', [...AT_ONCE, upon])
      bench.mount(upon)
      return device
    },
  }
}

const offset = `--offset=${OFFSET}`

/** Returns the states. */
export const STATES: readonly State[] = [
  {
    what: 'mounted',
    make(bench) {
      const device = formatted(bench)
      bench.mount(device)
      return device
    },
  },
  {
    what: 'mounted read-only',
    make(bench) {
      const device = formatted(bench)
      bench.mount(device, '-o', 'ro')
      return device
    },
  },
  {
    what: 'a disk with a mounted partition',
    make(bench) {
      const device = bench.disk()
      const partition = bench.partition(device)
      succeed('mkfs.ext4', [...AT_ONCE, partition])
      bench.mount(partition)
      return device
    },
  },
  {
    what: 'a mounted partition',
    make(bench) {
      const partition = bench.partition(bench.disk())
      succeed('mkfs.ext4', [...AT_ONCE, partition])
      bench.mount(partition)
      return partition
    },
  },
  {
    what: 'the second disk of a mounted file system',
    make(bench) {
      const [first, second] = [bench.disk(), bench.disk()]
      succeed('mkfs.btrfs', ['--quiet', '--data', 'single', '--metadata', 'raid1', first, second])
      bench.mount(first, '-o', `device=${first},device=${second}`)
      return second
    },
  },
  {
    what: 'a disk with a partition that has no node',
    make(bench) {
      const device = bench.disk()
      const partition = bench.partition(device)
      rmSync(partition)
      return device
    },
  },
  { what: 'mounted as a root elsewhere', make: mountedElsewhere },
  {
    what: 'the backing of a mounted loop device',
    make(bench) {
      const device = bench.disk()
      const upon = bench.disk(device)
      succeed('mkfs.ext4', [...AT_ONCE, upon])
      bench.mount(upon)
      return device
    },
  },
  {
    what: 'the backing of a mounted loop device at an offset',
    make(bench) {
      const device = bench.disk()
      const upon = bench.disk(device, offset)
      succeed('mkfs.ext4', [...AT_ONCE, upon])
      bench.mount(upon)
      return device
    },
  },
  {
    what: 'the backing of a loop device by another node',
    make(bench) {
      const device = bench.disk()
      bench.disk(bench.alias(device), offset)
      return device
    },
  },
  shared('the same file', (_, file) => file),
  shared('at an offset', (_, file) => file, offset),
  shared(
    'by a hard link',
    (bench, file) => {
      const path = `${file}.hard`
      linkSync(file, path)
      bench.undo.push(() => rmSync(path, { force: true }))
      return path
    },
    offset,
  ),
  shared('by a symbolic link', (bench, file) => bench.link(file), offset),
  shared(
    'by a bind mount',
    (bench, file) => {
      const target = join(bench.folder(), 'file')
      writeFileSync(target, '')
      succeed('mount', ['--bind', file, target])
      bench.undo.push(() => bounded(10, ['umount', target]))
      return target
    },
    offset,
  ),
  {
    what: 'swap',
    make(bench) {
      const device = bench.disk(bench.file())
      succeed('mkswap', ['--quiet', device])
      succeed('swapon', ['--priority', '0', device])
      bench.undo.push(() => bounded(60, ['swapoff', device]))
      return device
    },
    writtenByKernel: (device) => (swapped(device) ? 'the kernel has swapped to it' : null),
  },
  { what: 'claimed by a process', make: (bench) => held(bench, constants.O_RDWR | constants.O_EXCL) },
  { what: 'open for writing in a process', make: (bench) => held(bench, constants.O_RDWR) },
]

/** Tells whether anything lies in a swap area: the column Used of /proc/swaps, proc(5). */
function swapped(device: string): boolean {
  const line = readFileSync('/proc/swaps', 'utf8')
    .split('\n')
    .find((each) => each.startsWith(`${device} `))
  return Number(line?.split(/\s+/)[3] ?? 0) > 0
}

function held(bench: Workbench, flags: number): string {
  const device = bench.disk()
  const fd = openSync(device, flags)
  bench.undo.push(() => closeSync(fd))
  return device
}

/** Only the kernel's refusal of O_EXCL tells of it. */
async function mountedElsewhere(bench: Workbench): Promise<string> {
  const device = formatted(bench)
  const script = `mount ${device} /mnt && echo mounted && exec sleep 1000`
  const child = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  bench.undo.push(
    () => void child.kill('SIGKILL'),
    () => bounded(5, ['sleep', '0.2']),
  )
  await new Promise((done) => child.stdout.once('data', done))
  return device
}

/** Ways to name a device that is there. */
export const WAYS: Readonly<Record<string, (bench: Workbench, device: string) => string>> = {
  'its node': (_, device) => device,
  'another node': (bench, device) => bench.alias(device),
  'a link': (bench, device) => bench.link(device),
  'a link to a link to another node': (bench, device) => bench.link(bench.link(bench.alias(device))),
  'a name in by-id': (bench, device) => byId(bench, device, 'faults-disk'),
  'its number': (bench, device) => bench.link(device, `/dev/block/${deviceText(statSync(device).rdev)}`),
  'a way up': (_, device) => `/dev/../dev/./${basename(device)}`,
  'by way of a process': (_, device) => `/proc/self/root${device}`,
  'a hard link': (bench, device) => {
    const path = `/dev/hard-${basename(device)}`
    linkSync(device, path)
    bench.undo.push(() => rmSync(path, { force: true }))
    return path
  },
}

export function byId(bench: Workbench, device: string, name: string): string {
  const path = join(BY_ID, name)
  symlinkSync(device, path)
  bench.undo.push(() => rmSync(path, { force: true }))
  return path
}
