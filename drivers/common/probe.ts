/**
 * Finds out whether a driver runs here: looks for what it needs, then opens a small store, takes one container through its
 * life, and undoes it.
 */
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Driver, DriverConfig, DriverMeta, Scratch, Support } from '../../harness/contracts/driver.ts'
import { BenchError, messageOf } from '../../harness/contracts/error.ts'
import { onUserPath } from '../../harness/contracts/host-error.ts'
import type { Host, JournalEntry } from '../../harness/contracts/host.ts'
import type { Unsupported } from '../../harness/contracts/needs.ts'
import { nameOf } from '../../harness/contracts/run-id.ts'
import { attach, detach } from '../../harness/contracts/attach.ts'
import type { Snapshotter } from '../../harness/contracts/snapshotter.ts'
import { needsOf } from '../../harness/linux/needs.ts'
import type { DeviceFiles } from '../../harness/linux/dm/control.ts'
import { findMissing } from '../../harness/linux/missing.ts'
import { isRoot } from '../../harness/linux/privilege.ts'

/** Sparse, so only what mkfs writes takes space. xfs wants at least 300 MiB. */
const PROBE_SIZE = 512 * 1024 ** 2
const CONTENT = 'written in the lower layer'

/**
 * Answers for a driver whose probe has nothing of its own: what is missing of its needs, or what came of trying it.
 * `version` is called when all needs are met; see {@link probeByDoing}.
 */
export async function probeDriver<Options>(
  host: Host,
  { meta, open }: Pick<Driver<Options>, 'meta' | 'open'>,
  config: DriverConfig<Options>,
  version?: () => Promise<string>,
): Promise<Support> {
  return (await firstMissing(host, meta, config)) ?? probeByDoing(host, open, config, await version?.())
}

/** Returns the first of a configuration's needs that is missing: the driver's own come before its backing's. */
export async function firstMissing<Options>(
  host: Host,
  meta: Pick<DriverMeta<Options>, 'needs'>,
  config: DriverConfig<Options>,
  deviceFiles?: DeviceFiles,
): Promise<Unsupported | null> {
  if (meta.needs.never !== undefined) return meta.needs.never
  for (const part of needsOf(meta, config)) {
    const [missing] = await findMissing(host, part, deviceFiles)
    if (missing !== undefined) return missing
  }
  return null
}

/**
 * `version` goes into the answer when it works: the programs beside the kernel that the driver uses. Throws the error of a
 * program that is there and broken: what cannot run for it has failed, and is not unsupported.
 */
export async function probeByDoing<Options>(
  host: Host,
  open: Driver<Options>['open'],
  config: DriverConfig<Options>,
  version = `Linux ${host.kernelRelease}`,
): Promise<Support> {
  if (!isRoot()) {
    return {
      ok: false,
      code: 'host.not-root',
      reason: 'only root may mount file systems',
      hint: 'run it as root: sudo bench …',
    }
  }
  try {
    await onScratch(host, async (scratch) => {
      await using snapshotter = await open(host, config, scratch)
      await oneLife(host, snapshotter, join(scratch.directory, 'probe'))
    })
    return { ok: true, version }
  } catch (error) {
    if (isBroken(error)) throw error
    const mendable = error instanceof BenchError
    return {
      ok: false,
      code: mendable ? error.code : 'driver.probe-failed',
      reason: messageOf(error),
      hint: (mendable ? error.hint : undefined) ?? 'bench doctor tells what this host has',
    }
  }
}

/** Codes of programs that are there and do not do what they are for. */
const BROKEN: ReadonlySet<string> = new Set(['host.command-failed', 'host.fuse-mount', 'host.not-started'])

function isBroken(error: unknown): boolean {
  return error instanceof BenchError && BROKEN.has(error.code)
}

async function onScratch(host: Host, work: (scratch: Scratch) => Promise<void>): Promise<void> {
  const place = host.probePlace ?? { files: tmpdir(), mounts: tmpdir() }
  await inFolder(host, place.files, 'loop', async (home) => {
    const file = join(home, 'scratch')
    const fd = openSync(file, 'wx')
    ftruncateSync(fd, PROBE_SIZE)
    closeSync(fd)
    await inFolder(host, place.mounts, 'mount', async (directory) => {
      const loop = host.loops.attach(file)
      try {
        await work({ device: loop.device, size: PROBE_SIZE, directory, label: basename(home) })
      } finally {
        loop.detach()
      }
    })
  })
}

/** Makes a folder of the run's, recorded with what hangs on it, and removes it. */
async function inFolder(
  host: Host,
  parent: string,
  holds: 'loop' | 'mount',
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = onUserPath(() => mkdtempSync(join(parent, `${nameOf(host.journal, 'probe')}-`)))
  const entries: JournalEntry[] = (['directory', holds] as const).map((kind) => ({ kind, path: folder }))
  for (const entry of entries) host.journal.record(entry)
  try {
    await work(folder)
  } finally {
    rmSync(folder, { recursive: true })
    for (const entry of entries.reverse()) host.journal.forget(entry)
  }
}

/** A layer with one file, and a container that reads and changes it. */
async function oneLife(host: Host, snapshotter: Snapshotter, target: string): Promise<void> {
  mkdirSync(target)
  const file = join(target, 'file')
  const at = { host, snapshotter, target }
  await withSnapshot(at, 'probe-layer', null, () => writeFileSync(file, CONTENT))
  await snapshotter.commit('probe-image', 'probe-layer')
  await withSnapshot(at, 'probe-container', 'probe-image', () => {
    if (readFileSync(file, 'utf8') !== CONTENT) {
      throw new BenchError('a container does not see what its lower layer holds', {
        code: 'driver.probe-failed',
      })
    }
    writeFileSync(file, 'x', { flag: 'a' })
  })
  await snapshotter.remove('probe-container')
}

async function withSnapshot(
  { host, snapshotter, target }: { host: Host; snapshotter: Snapshotter; target: string },
  key: string,
  parent: string | null,
  work: () => void,
): Promise<void> {
  await attach({ host, snapshotter }, key, await snapshotter.prepare(key, parent), target)
  try {
    work()
  } finally {
    await detach({ host, snapshotter }, key, target)
  }
}
