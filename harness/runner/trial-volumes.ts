/** Volumes of a trial: directories of the store's file system that are mounted into a container, past the driver. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, ExitCode } from '../contracts/error.ts'
import type { Container, Trial } from '../contracts/scenario.ts'
import { UmountFlag } from '../contracts/syscalls.ts'
import { readMounts, type MountRow } from '../linux/mountinfo.ts'
import { syncPath, type LiveInputs } from './live-container.ts'

/** As /var/lib/docker/volumes beside the driver's folder. */
const FOLDER = 'volumes'

export interface VolumesInputs extends LiveInputs {
  /** Called when a volume has been filled: neither the copy nor what it wrote is the work's. */
  afterCopy(): Promise<void>
}

export interface Volumes {
  mount: Trial['volume']
  /** Unmounts those that are still mounted, by force where `anyhow`. Untimed. */
  unmountAll(anyhow?: boolean): Promise<void>
  /** Removes what they held. Untimed. */
  removeAll(): void
}

interface Made {
  source: string
  target: string
  mounted: boolean
}

export function createVolumes({ host, store, stopwatch, afterCopy }: VolumesInputs): Volumes {
  const made: Made[] = []

  async function unmount(one: Made): Promise<void> {
    if (!one.mounted) return
    await host.unmount(one.target)
    one.mounted = false
  }

  /** As an engine fills a new volume with what the image has there; never by clones, which a first write would unshare. */
  async function fill(container: Container, directory: string): Promise<Made> {
    const { path } = store.snapshotter.store
    if (path === null) throw noPlace()
    const source = join(path, FOLDER, `${container.key}-${made.length}`)
    const target = join(container.root, directory)
    const one = { source, target, mounted: false }
    mkdirSync(source, { recursive: true })
    made.push(one)
    await host.run('cp', ['--archive', '--reflink=never', `${target}/.`, source])
    await host.mount([{ type: 'bind', source, options: ['bind'] }], target)
    one.mounted = true
    return one
  }

  return {
    async mount(container, directory) {
      const one = await stopwatch.book('copy', () => fill(container, directory))
      await afterCopy()
      return {
        sync: () => syncPath(host, one.target),
        where: () => whereIs(one.target, store.snapshotter.store.path),
        unmount: () => unmount(one),
      }
    },
    async unmountAll(anyhow = false) {
      for (const one of made.toReversed()) {
        if (anyhow && one.mounted) host.syscalls.umount(one.target, UmountFlag.detach)
        else await unmount(one)
      }
    },
    removeAll() {
      for (const { source } of made) rmSync(source, { recursive: true, force: true })
    },
  }
}

/** Returns the file system and device of the mount at `target`, where they are those of the store; else null. */
export function whereIs(
  target: string,
  store: string | null,
  mounts: readonly MountRow[] = readMounts(),
): string | null {
  const at = (path: string | null) => mounts.findLast((row) => row.target === path)
  const [volume, home] = [at(target), at(store)]
  const isOfStore = volume !== undefined && volume.device === home?.device && volume.type === home.type
  return isOfStore ? `${volume.type} ${volume.device}` : null
}

function noPlace(): BenchError {
  return new BenchError('the store has no file system of the host that a volume could lie on', {
    code: 'scenario.no-volume',
    hint: 'leave this driver out of the cells with volume=on: --driver',
    exitCode: ExitCode.cellFailed,
  })
}
