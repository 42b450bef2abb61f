/**
 * A host that does nothing and remembers everything: each call goes into one log, in order, as a line of text; what a
 * call answers comes from the script. So the order of a driver's work is tested without root and without a kernel
 * that has what the driver needs.
 */
import type { CommandResult, Host, LoopDevice } from '../contracts/host.ts'
import type { Syscalls } from '../contracts/syscalls.ts'

export interface FakeHostScript {
  /** System calls that do or answer something. Those that answer nothing need no entry. */
  syscalls?: Partial<Syscalls>
  /** How an ioctl reads in the log. Default: its number. */
  describeIoctl?: (request: number, argument: Uint8Array | number) => string
  /** Standard output of a command; throws to let it fail. Default: empty. */
  run?: (program: string, args: readonly string[]) => string
  /** Programs that are installed. Default: all. */
  programs?: readonly string[]
  /** File systems that the kernel has. Default: all. */
  filesystems?: readonly string[]
  /** The number of the first loop device. */
  firstLoop?: number
}

export interface FakeHost extends Host {
  /** Calls so far. */
  readonly calls: readonly string[]
  /** The calls since the last time this was asked. */
  newCalls(): string[]
}

export function createFakeHost(script: FakeHostScript = {}): FakeHost {
  const calls: string[] = []
  let told = 0
  let nextLoop = script.firstLoop ?? 0
  const log = (...words: readonly unknown[]) => void calls.push(words.join(' '))

  return {
    calls,
    newCalls() {
      const fresh = calls.slice(told)
      told = calls.length
      return fresh
    },
    kernelRelease: '0.0.0-fake',
    syscalls: fakeSyscalls(script, log),
    loops: {
      attach(file): LoopDevice {
        const device = `/dev/loop${nextLoop}`
        nextLoop += 1
        log('loop attach', file, device)
        return { device, detach: () => log('loop detach', device) }
      },
    },
    journal: {
      record: (entry) => log('journal record', JSON.stringify(entry)),
      forget: (entry) => log('journal forget', JSON.stringify(entry)),
    },
    hasFilesystem: async (type) => script.filesystems?.includes(type) ?? true,
    which: (program) => ((script.programs?.includes(program) ?? true) ? `/usr/bin/${program}` : null),
    async run(program, args): Promise<CommandResult> {
      log('run', program, ...args)
      return { exitCode: 0, stdout: script.run?.(program, args) ?? '', stderr: '' }
    },
    daemon: () => unscripted('daemon'),
    pipe: () => unscripted('pipe'),
    async mount(mounts, target) {
      for (const { type, source, options } of mounts) log('mount', type, source, target, options.join(','))
    },
    async unmount(target) {
      log('unmount', target)
    },
  }
}

function fakeSyscalls(script: FakeHostScript, log: (...words: readonly unknown[]) => void): Syscalls {
  const scripted = script.syscalls ?? {}
  const describeIoctl = script.describeIoctl ?? ((request: number) => `ioctl 0x${request.toString(16)}`)
  /** Logs under `name`, then does what the script says; without a script answers `fallback`, or fails the test. */
  function call<Name extends keyof Syscalls>(
    name: Name,
    describe: (...args: Parameters<Syscalls[Name]>) => readonly unknown[],
    fallback: (() => ReturnType<Syscalls[Name]>) | null,
  ): Syscalls[Name] {
    return ((...args: Parameters<Syscalls[Name]>) => {
      log(...describe(...args))
      const answer = scripted[name] as ((...args: Parameters<Syscalls[Name]>) => unknown) | undefined
      if (answer !== undefined) return answer(...args)
      return fallback === null ? unscripted(name) : fallback()
    }) as Syscalls[Name]
  }
  const nothing = () => undefined
  return {
    mount: call('mount', (...args) => ['mount(2)', ...args], nothing),
    umount: call('umount', (target, flags = 0) => ['umount(2)', target, flags], nothing),
    mountByFsconfig: call(
      'mountByFsconfig',
      (type, options, target) => [
        'fsconfig',
        type,
        options.map(([key, value]) => `${key}=${value}`).join(','),
        target,
      ],
      nothing,
    ),
    ioctl: call(
      'ioctl',
      (_, request, argument) => [describeIoctl(request, argument)],
      () => 0,
    ),
    ioctlInt: call(
      'ioctlInt',
      (_, request, argument) => [describeIoctl(request, argument)],
      () => 0,
    ),
    syncfs: call('syncfs', () => ['syncfs'], nothing),
    syncfsAside: () => Promise.resolve(),
    fallocate: call('fallocate', (_, mode, offset, length) => ['fallocate', mode, offset, length], nothing),
    fadvise: call('fadvise', (_, offset, length, advice) => ['fadvise', offset, length, advice], nothing),
    fiemap: call('fiemap', () => ['fiemap'], null),
    dataRanges: call('dataRanges', (_, size) => ['data ranges', size], null),
    residentPages: call('residentPages', (_, length) => ['mincore', length], null),
    mmapStore: call('mmapStore', (_, offset) => ['mmap store', offset], nothing),
    lremovexattr: call('lremovexattr', (path, name) => ['lremovexattr', path, name], nothing),
    lsetxattr: call('lsetxattr', (path, name) => ['lsetxattr', path, name], nothing),
    lgetxattr: call(
      'lgetxattr',
      (path, name) => ['lgetxattr', path, name],
      () => null,
    ),
    llistxattr: call(
      'llistxattr',
      (path) => ['llistxattr', path],
      () => [],
    ),
    prctl: call('prctl', (option, argument) => ['prctl', option, argument], nothing),
    mknod: call('mknod', (path, mode, device) => ['mknod', path, mode.toString(8), device], nothing),
    getpid: call(
      'getpid',
      () => ['getpid'],
      () => 1,
    ),
    reap: call(
      'reap',
      (pid) => ['reap', pid],
      () => 0,
    ),
    resourceUsage: call(
      'resourceUsage',
      (of) => ['getrusage', of],
      () => ({ userSeconds: 0, systemSeconds: 0, voluntarySwitches: 0, involuntarySwitches: 0 }),
    ),
  }
}

function unscripted(name: string): never {
  throw new Error(`the fake host has no script for ${name}`)
}
