/** The storage drivers of Docker, by the API of a dockerd of the store's own. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Backing, Driver, DriverConfig, DriverMeta } from '../../harness/contracts/driver.ts'
import type { Needs } from '../../harness/contracts/needs.ts'
import { buildOn, openBacking } from '../common/backing.ts'
import { naiveDiff } from '../common/engine/overlay-condition.ts'
import { probeDriver } from '../common/probe.ts'
import { changedOnly, wholeCopies } from '../common/space.ts'
import { PROGRAM, startDocker } from './daemon.ts'
import { limitsOf } from './limits.ts'
import { DockerSnapshotter, type DockerTraits } from './snapshotter.ts'

const ENGINE = 'docker'
/** Waits in each container; its path goes into the container. */
const BUSYBOX = 'busybox'
const HINT =
  './setup --with-engines installs it; by hand: docker.io (Debian), moby-engine (Fedora), docker (Arch, openSUSE), and a static busybox'
const options = z.strictObject({})

type NoOptions = Record<string, never>
type Config = DriverConfig<NoOptions>

interface Row extends Pick<DriverMeta<NoOptions>, 'summary' | 'cowUnit' | 'backings' | 'showcase'> {
  /** Docker's own name of the storage driver. */
  name: string
  needs: Needs
  withoutEngine(backing: Backing): string
  traits(backing: Backing): Pick<DockerTraits, 'keeping' | 'mountType' | 'keepsChanges'>
  /** Folders of a layer below the storage driver's: its own files, and those that a running container shows. */
  own(id: string): string
  shown(id: string): string
}

function driverOf({ name, needs, withoutEngine, traits, own, shown, ...meta }: Row): Driver<NoOptions> {
  const copies = (backing: Backing) => meta.cowUnit === 'none' && backing === 'ext4'
  const driver: Driver<NoOptions> = {
    meta: {
      ...meta,
      id: `${ENGINE}:${name}`,
      title: `${name} by Docker`,
      emulated: false,
      role: 'driver',
      engine: { name: ENGINE, withoutEngine: ({ backing }: Config) => withoutEngine(backing) },
      options,
      needs: {
        hint: HINT,
        ...needs,
        programs: [
          { name: PROGRAM, version: '--version' },
          { name: 'containerd' },
          { name: 'runc' },
          { name: BUSYBOX },
          ...(needs.programs ?? []),
        ],
      },
      // A commit reads the container's layer as a tar while the image's is written.
      spaceNeeded: ({ backing }, layers, containers, changed) =>
        Math.max(0, ...layers) + (copies(backing) ? wholeCopies : changedOnly)(layers, containers, changed),
      limits: ({ backing }) => limitsOf(meta.cowUnit === 'file', traits(backing).mountType),
    },
    probe: (host, config) => probeDriver(host, driver, config),
    async open(host, config, scratch) {
      const backing = await openBacking(host, scratch.device, config.backing, `${scratch.directory}/s`)
      return buildOn(backing, async () => {
        const docker = await startDocker(host, name, backing.path, scratch)
        const home = `${docker.root}/${name}`
        return new DockerSnapshotter(host, backing, docker, {
          ...traits(config.backing),
          text: config.text,
          warnings: naiveDiff(config.text, docker.status.get('Native Overlay Diff')),
          storageDriver: name,
          own: (id) => `${home}/${own(id)}`,
          shown: (id) => `${home}/${shown(id)}`,
          lowers: (id) => (meta.cowUnit === 'file' ? lowersOf(home, id) : []),
          busybox: host.which(BUSYBOX) ?? BUSYBOX,
        })
      })
    },
  }
  return driver
}

/** Reads the list of links that overlay2 and fuse-overlayfs keep of what a layer stands on. */
function lowersOf(home: string, id: string): string[] {
  return readFileSync(`${home}/${id}/lower`, 'utf8')
    .trim()
    .split(':')
    .map((link) => `${home}/${link}`)
}

const union: Pick<Row, 'cowUnit' | 'backings' | 'own' | 'shown'> = {
  cowUnit: 'file',
  backings: ['ext4', 'xfs', 'btrfs'],
  own: (id) => `${id}/diff`,
  shown: (id) => `${id}/merged`,
}

export const overlay2 = driverOf({
  ...union,
  name: 'overlay2',
  summary:
    "Docker's default: the first change of a file copies all of it up, or clones it where the backing shares extents.",
  needs: { filesystems: ['overlay'] },
  showcase: ['docker:overlay2@ext4', 'docker:overlay2@xfs'],
  withoutEngine: (backing) => `overlay2@${backing}`,
  traits: () => ({ keeping: 'union', mountType: 'overlay', keepsChanges: true }),
})

export const fuseOverlayfs = driverOf({
  ...union,
  name: 'fuse-overlayfs',
  summary: "Docker's union by a FUSE daemon, as it is used without root.",
  needs: { filesystems: ['fuse'], programs: [{ name: 'fuse-overlayfs', version: '--version' }] },
  showcase: ['docker:fuse-overlayfs@ext4'],
  withoutEngine: (backing) => `fuse-overlayfs@${backing}`,
  traits: () => ({ keeping: 'union', mountType: 'fuse.fuse-overlayfs', keepsChanges: false }),
})

export const btrfs = driverOf({
  name: 'btrfs',
  summary: 'A subvolume for each layer of Docker: the first change copies only the extents that it touches.',
  cowUnit: 'extent',
  backings: ['btrfs'],
  needs: {},
  showcase: ['docker:btrfs'],
  withoutEngine: () => 'btrfs',
  traits: () => ({ keeping: 'snapshot', mountType: 'btrfs', keepsChanges: false }),
  own: (id) => `subvolumes/${id}`,
  shown: (id) => `subvolumes/${id}`,
})

export const vfs = driverOf({
  name: 'vfs',
  summary: 'Copies the whole tree of the parent for each layer and container of Docker.',
  cowUnit: 'none',
  backings: ['ext4', 'xfs', 'btrfs'],
  needs: {},
  showcase: ['docker:vfs@ext4'],
  withoutEngine: (backing) => `vfs@${backing}`,
  traits: (backing) => ({ keeping: 'copy', mountType: backing, keepsChanges: false }),
  own: (id) => `dir/${id}`,
  shown: (id) => `dir/${id}`,
})

export const docker: readonly Driver[] = [overlay2, btrfs, vfs, fuseOverlayfs]
