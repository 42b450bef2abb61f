import { readFileSync } from 'node:fs'
import { release } from 'node:os'
import type { Host, Journal, ProbePlace } from '../contracts/host.ts'
import { loadModule } from '../linux/module.ts'
import { daemon, pipe, run, which } from './commands.ts'
import { createLoops } from './loops.ts'
import { createMounts } from './mounts.ts'
import { createSyscalls } from './syscalls.ts'

/** This machine. */
export function createHost(journal: Journal, probePlace?: ProbePlace): Host {
  const syscalls = createSyscalls()
  const loops = createLoops(syscalls)
  return {
    ...(probePlace === undefined ? {} : { probePlace }),
    syscalls,
    loops,
    journal,
    kernelRelease: release(),
    hasFilesystem,
    which,
    run,
    daemon,
    pipe,
    ...createMounts(syscalls, loops, daemon),
  }
}

/**
 * Returns this machine with a journal that keeps nothing: for what only looks, or undoes itself what it makes.
 */
export function unrecordedHost(probePlace?: ProbePlace): Host {
  return createHost({ record: () => undefined, forget: () => undefined }, probePlace)
}

/** A file system may be a module that the kernel loads at the first mount, by this alias. */
async function hasFilesystem(type: string): Promise<boolean> {
  if (listed(type)) return true
  await loadModule({ run, which }, `fs-${type}`)
  return listed(type)
}

function listed(type: string): boolean {
  return readFileSync('/proc/filesystems', 'utf8')
    .split('\n')
    .some((line) => line.split('\t').at(-1) === type)
}
