import { statSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { BenchError, ExitCode } from '../contracts/error.ts'
import type { Daemon, Host, Loops } from '../contracts/host.ts'
import type { Mount } from '../contracts/snapshotter.ts'
import { MountFlag, type FsConfigOption, type Syscalls } from '../contracts/syscalls.ts'
import { withLastLines } from '../linux/last-lines.ts'

/** mount(2) copies one page of options, with its terminating zero: fs/namespace.c, copy_mount_options. */
const OPTIONS_PAGE = 4095
const FUSE_MOUNT_SECONDS = 20

const FLAGS: Readonly<Record<string, number>> = {
  ro: MountFlag.readOnly,
  rw: 0,
  remount: MountFlag.remount,
  nosuid: MountFlag.noSuid,
  nodev: MountFlag.noDev,
  noatime: MountFlag.noAtime,
  bind: MountFlag.bind,
  rbind: MountFlag.bind | MountFlag.recursive,
}

/** Mounts and unmounts what a snapshotter's `Mount` describes. */
export function createMounts(
  syscalls: Syscalls,
  loops: Loops,
  startDaemon: Host['daemon'],
): Pick<Host, 'mount' | 'unmount'> {
  const daemons = new Map<string, Daemon>()

  return {
    async mount(mounts, target) {
      for (const mount of mounts) {
        if (mount.type.startsWith('fuse.')) daemons.set(target, await mountFuse(startDaemon, mount, target))
        else if (mount.options.some((option) => option.split('=')[0] === 'loop'))
          mountLoop(syscalls, loops, mount, target)
        else mountPlain(syscalls, mount, target)
      }
    },

    async unmount(target) {
      syscalls.umount(target)
      const daemon = daemons.get(target)
      if (daemon === undefined) return
      daemons.delete(target)
      await daemon.ended()
    },
  }
}

/** The loop device is let go at once: the mount keeps it, and it detaches by itself with the mount. */
function mountLoop(syscalls: Syscalls, loops: Loops, mount: Mount, target: string): void {
  const loop = loops.attach(mount.source, {
    readOnly: mount.options.includes('ro'),
    directIo: mount.options.includes('loop=direct'),
  })
  try {
    const options = mount.options.filter((option) => option.split('=')[0] !== 'loop')
    mountPlain(syscalls, { ...mount, source: loop.device, options }, target)
  } finally {
    loop.detach()
  }
}

function mountPlain(syscalls: Syscalls, mount: Mount, target: string): void {
  const { flags, data } = splitOptions(mount.options)
  const joined = data.join(',')
  if (joined.length <= OPTIONS_PAGE) {
    syscalls.mount(mount.source, target, mount.type, flags, joined)
    if ((flags & MountFlag.bind) !== 0 && (flags & MountFlag.readOnly) !== 0) {
      // A bind mount takes read-only only when it is remounted: mount(2).
      syscalls.mount(mount.source, target, mount.type, flags | MountFlag.remount, '')
    }
  } else if (mount.type === 'overlay') {
    mountLongOverlay(syscalls, mount, data, flags, target)
  } else {
    throw new BenchError(`the options of the ${mount.type} mount on ${target} exceed one page`, {
      code: 'host.mount-options',
    })
  }
}

/** Paths relative to the folder that all lower directories share may fit the page; else fsconfig has no limit. */
function mountLongOverlay(
  syscalls: Syscalls,
  mount: Mount,
  data: readonly string[],
  flags: number,
  target: string,
): void {
  const lowers = lowerDirectories(data)
  const base = commonFolder(lowers)
  const short = data.map((option) =>
    option.startsWith('lowerdir=')
      ? `lowerdir=${lowers.map((path) => relative(base, path)).join(':')}`
      : option,
  )
  const joined = short.join(',')
  if (joined.length <= OPTIONS_PAGE) {
    const before = process.cwd()
    process.chdir(base)
    try {
      syscalls.mount(mount.source, target, mount.type, flags, joined)
    } finally {
      process.chdir(before)
    }
    return
  }
  syscalls.mountByFsconfig(
    'overlay',
    overlayFsConfig(mount.source, data, lowers),
    target,
    (flags & MountFlag.readOnly) !== 0,
  )
}

/** `lowerdir+` appends one layer a call: Linux 6.5, Documentation/filesystems/overlayfs.rst. */
function overlayFsConfig(
  source: string,
  data: readonly string[],
  lowers: readonly string[],
): FsConfigOption[] {
  const others = data.filter((option) => !option.startsWith('lowerdir='))
  return [
    ['source', source],
    ...lowers.map((path): FsConfigOption => ['lowerdir+', path]),
    ...others.map((option): FsConfigOption => {
      const at = option.indexOf('=')
      return at < 0 ? [option, null] : [option.slice(0, at), option.slice(at + 1)]
    }),
  ]
}

function lowerDirectories(data: readonly string[]): string[] {
  return (
    data
      .find((option) => option.startsWith('lowerdir='))
      ?.slice('lowerdir='.length)
      .split(':') ?? []
  )
}

function commonFolder(paths: readonly string[]): string {
  let folder = dirname(paths[0] ?? '/')
  while (folder !== '/' && !paths.every((path) => path.startsWith(`${folder}/`))) folder = dirname(folder)
  return folder
}

function splitOptions(options: readonly string[]): { flags: number; data: string[] } {
  let flags = 0
  const data: string[] = []
  for (const option of options) {
    const flag = FLAGS[option]
    if (flag === undefined) data.push(option)
    else flags |= flag
  }
  return { flags, data }
}

/** Ready when the target lies on another device than before; asking it also waits for the daemon's first answer. */
async function mountFuse(startDaemon: Host['daemon'], mount: Mount, target: string): Promise<Daemon> {
  const before = statSync(target).dev
  const program = mount.type.slice('fuse.'.length)
  const daemon = startDaemon(program, [...(mount.args ?? []), target])
  const deadline = Date.now() + FUSE_MOUNT_SECONDS * 1000
  for (;;) {
    if (statSync(target).dev !== before) return daemon
    // Not a timer: its granularity of 1 ms would be part of the timed mount.
    await new Promise((next) => setImmediate(next))
    if (!daemon.running() || Date.now() > deadline) {
      await daemon.stop()
      throw new BenchError(withLastLines(`${program} did not mount ${target}`, daemon.stderr(), 3), {
        code: 'host.fuse-mount',
        exitCode: ExitCode.cellFailed,
      })
    }
  }
}
