/**
 * The storage drivers of podman, buildah and CRI-O, by the program `containers-storage` of their library: overlay by the kernel or by
 * fuse-overlayfs, btrfs and vfs. There is no daemon.
 */
import type { Backing, Driver, DriverConfig, DriverMeta } from '../../harness/contracts/driver.ts'
import type { Host } from '../../harness/contracts/host.ts'
import type { Needs } from '../../harness/contracts/needs.ts'
import { buildOn, openBacking } from '../common/backing.ts'
import { otherDriver } from '../common/engine/evidence.ts'
import { naiveDiff } from '../common/engine/overlay-condition.ts'
import { probeDriver } from '../common/probe.ts'
import { changedOnly, wholeCopies } from '../common/space.ts'
import { otherLimits, overlayLimits } from './limits.ts'
import { noOptions, overlayOptions, type OverlayOptions } from './options.ts'
import { PODMAN } from './service.ts'
import { PodmanSnapshotter, type PodmanTraits } from './snapshotter.ts'
import { openStorage, PROGRAM, type Storage } from './storage.ts'

const ENGINE = 'podman'
const FUSE = 'fuse-overlayfs'

const HINT =
  './setup --with-engines installs it; by hand: the packages podman and containers-storage of Debian'

type Options = OverlayOptions | Record<string, never>

interface Row<Own extends Options> extends Pick<
  DriverMeta<Own>,
  'summary' | 'cowUnit' | 'backings' | 'options' | 'showcase' | 'spaceNeeded' | 'limits'
> {
  /** Name of the storage driver, in storage.conf and in the id. */
  name: string
  needs: Needs & { options?: Readonly<Record<string, Needs>> }
  withoutEngine(config: DriverConfig<Own>): string
  /** Lines of `[storage.options.overlay]`. */
  settings?(host: Host, options: Own): readonly string[]
  traits(config: DriverConfig<Own>): Omit<PodmanTraits, 'folder' | 'text' | 'warnings'>
  /** Folder of a layer's files, below the store's. */
  folder(id: string): string
}

function driverOf<Own extends Options>(row: Row<Own>): Driver<Own> {
  const { name, needs, withoutEngine, settings, traits, folder, ...meta } = row
  const driver: Driver<Own> = {
    meta: {
      ...meta,
      id: `${ENGINE}:${name}`,
      title: `${name} by podman`,
      emulated: false,
      role: 'driver',
      engine: { name: ENGINE, withoutEngine },
      needs: {
        hint: HINT,
        ...needs,
        programs: [{ name: PROGRAM }, { name: PODMAN, version: '--version' }, ...(needs.programs ?? [])],
      },
    },
    probe: (host, config) => probeDriver(host, driver, config),
    async open(host, config, { device, directory, label }) {
      const backing = await openBacking(host, device, config.backing, `${directory}/s`)
      return buildOn(backing, async () => {
        const graphRoot = `${backing.path}/g`
        const overlay = settings?.(host, config.options) ?? []
        const runRoot = `${directory}/r`
        const storage = openStorage(host, directory, { driver: name, graphRoot, runRoot, overlay })
        const status = await statusOf(storage, name)
        const own = traits(config)
        return new PodmanSnapshotter(
          host,
          backing,
          storage,
          { directory, label },
          {
            ...own,
            text: config.text,
            warnings: own.keepsChanges ? naiveDiff(config.text, status.get('Native Overlay Diff')) : [],
            folder: (id) => `${graphRoot}/${folder(id)}`,
          },
        )
      })
    },
  }
  return driver
}

/** The program chooses another storage driver where it finds the store of one; this store is new, and it is looked at all the same. */
async function statusOf(storage: Storage, name: string): Promise<ReadonlyMap<string, string>> {
  const status = await storage.status()
  const found = status.get('Driver Name')
  if (found === name) return status
  await storage.shutdown()
  throw otherDriver(PROGRAM, name, found ?? 'none')
}

/** Returns the bytes that a commit takes for a while: what was written, and the tar of it, beside the layer. */
function whileCommitting(layers: readonly number[]): number {
  return 2 * Math.max(0, ...layers)
}

/** Options of a mount that Debian's storage.conf sets. */
const MOUNT_OPTIONS = ['nodev']

export const overlay = driverOf<OverlayOptions>({
  name: 'overlay',
  summary:
    'The union of podman, buildah and CRI-O: the first change of a file copies all of it up, or clones it where the backing shares extents.',
  cowUnit: 'file',
  backings: ['ext4', 'xfs', 'btrfs'],
  needs: {
    filesystems: ['overlay'],
    options: { 'mount_program=fuse-overlayfs': { filesystems: ['fuse'], programs: [{ name: FUSE }] } },
  },
  options: overlayOptions,
  showcase: ['podman:overlay@ext4', 'podman:overlay@xfs'],
  spaceNeeded: (_config, layers, containers, changed) =>
    whileCommitting(layers) + changedOnly(layers, containers, changed),
  withoutEngine: ({ backing, options }) => {
    if (options.mount_program === FUSE) return `${FUSE}@${backing}`
    const metacopy = options.metacopy ? '+metacopy=on' : ''
    return `overlay2@${backing}${options.volatile ? '+fsync=volatile' : ''}${metacopy}`
  },
  settings: (host, { mount_program: program, metacopy, volatile }) => {
    const mountOptions = [
      ...MOUNT_OPTIONS,
      ...(metacopy ? ['metacopy=on'] : []),
      ...(volatile ? ['volatile'] : []),
    ]
    return [
      `mountopt = "${mountOptions.join(',')}"`,
      ...(program === FUSE ? [`mount_program = "${host.which(FUSE) ?? FUSE}"`] : []),
    ]
  },
  traits: ({ options }) => ({
    keeping: 'union',
    mountType: options.mount_program === FUSE ? `fuse.${FUSE}` : 'overlay',
    keepsChanges: options.mount_program === 'kernel' && !options.metacopy,
    asked: {
      ...(options.metacopy ? { metacopy: 'on', redirect_dir: 'on' } : {}),
      ...(options.volatile ? { volatile: 'on' } : {}),
    },
  }),
  limits: overlayLimits,
  folder: (id) => `overlay/${id}/diff`,
})

export const btrfs = driverOf<Record<string, never>>({
  name: 'btrfs',
  summary:
    'A subvolume for each layer of podman, buildah and CRI-O: the first change copies only the extents that it touches.',
  cowUnit: 'extent',
  backings: ['btrfs'],
  needs: {},
  options: noOptions,
  showcase: ['podman:btrfs'],
  spaceNeeded: (_config, layers, containers, changed) =>
    whileCommitting(layers) + changedOnly(layers, containers, changed),
  withoutEngine: () => 'btrfs',
  traits: () => ({ keeping: 'snapshot', mountType: 'btrfs', keepsChanges: false }),
  limits: otherLimits,
  folder: (id) => `btrfs/subvolumes/${id}`,
})

export const vfs = driverOf<Record<string, never>>({
  name: 'vfs',
  summary: 'Copies the whole tree of the parent for each layer and container of podman, buildah and CRI-O.',
  cowUnit: 'none',
  backings: ['ext4', 'xfs', 'btrfs'],
  needs: {},
  options: noOptions,
  showcase: ['podman:vfs@ext4'],
  spaceNeeded: ({ backing }, layers, containers, changed) =>
    whileCommitting(layers) + spaceOfCopies(backing)(layers, containers, changed),
  withoutEngine: ({ backing }) => `vfs@${backing}`,
  traits: ({ backing }) => ({ keeping: 'copy', mountType: backing, keepsChanges: false }),
  limits: otherLimits,
  folder: (id) => `vfs/dir/${id}`,
})

/** It clones where the backing shares extents. */
function spaceOfCopies(backing: Backing): typeof wholeCopies {
  return backing === 'ext4' ? wholeCopies : changedOnly
}

export const podman: readonly Driver[] = [overlay, btrfs, vfs]
