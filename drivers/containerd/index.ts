/**
 * containerd's snapshotters, through the daemon: the Snapshots service of a containerd that bench starts for each store.
 * One adapter serves all; a driver is a row of the table.
 */
import { z } from 'zod'
import type { Driver, DriverConfig, DriverMeta, Limit } from '../../harness/contracts/driver.ts'
import type { Host } from '../../harness/contracts/host.ts'
import { buildOn, openBacking, type MountedBacking } from '../common/backing.ts'
import { limitsOfOverlay } from '../common/overlay-limits.ts'
import { overlayOptionsOf } from '../common/overlay-parameters.ts'
import { probeDriver } from '../common/probe.ts'
import { changedOnly, wholeCopies } from '../common/space.ts'
import { PROGRAM, startContainerd, type Containerd } from './daemon.ts'
import { directoryEvidence } from './evidence/directories.ts'
import type { Evidence } from './evidence/evidence.ts'
import { overlayEvidence } from './evidence/overlay.ts'
import { subvolumeEvidence } from './evidence/subvolumes.ts'
import { createRuntime } from './runtime.ts'
import { ContainerdSnapshotter } from './snapshotter.ts'

const HINT = './setup --with-engines installs it; by hand: the package containerd of all distributions'

const noOptions = z.strictObject({})
type NoOptions = z.output<typeof noOptions>

const ROOT_MODE: Limit = {
  check: 'mode and owner of the root pass to the layers above',
  reason: 'containerd makes the root directory of every snapshot with mode 0755; only its owner passes on',
}

const DIRECTORY_TIMES: Limit = {
  check: 'modes, owners and times survive the commit',
  reason:
    'native sets the time of a directory before it fills it, so that directories have the time of the copy',
}

/** Where files are cloned, holes stay holes. */
const HOLES: readonly Limit[] = [
  'a sparse file of the image stays sparse when it is changed',
  'a file of 5 GiB',
  'a change beyond 4 GiB in a file of the image',
].map((check) => ({ check, reason: 'native fills the holes of sparse files when it copies them' }))

/** What tells one snapshotter from another. */
interface Row extends Pick<DriverMeta<NoOptions>, 'summary' | 'cowUnit' | 'backings' | 'needs' | 'showcase'> {
  /** Its name in containerd. */
  snapshotter: string
  /** The driver that does the same in this process. */
  bare: string
  /** Type of file system that a container is mounted as. */
  mountType: string
  spaceNeeded?: DriverMeta<NoOptions>['spaceNeeded']
  limits?(config: DriverConfig<NoOptions>): readonly Limit[]
  evidence(host: Host, backing: MountedBacking, containerd: Containerd, text: string): Evidence
}

const rows: readonly Row[] = [
  {
    snapshotter: 'overlayfs',
    summary:
      'Stacks directories with the overlay file system, as overlay2 does; the directories are made and recorded by containerd.',
    cowUnit: 'file',
    backings: ['ext4', 'xfs', 'btrfs'],
    needs: { filesystems: ['overlay'] },
    showcase: ['containerd:overlayfs@ext4', 'containerd:overlayfs@xfs'],
    bare: 'overlay2',
    mountType: 'overlay',
    limits: () => [...limitsOfOverlay(overlayOptionsOf('')), ROOT_MODE],
    evidence: (host, backing, _, text) => overlayEvidence(host, backing, text),
  },
  {
    snapshotter: 'native',
    summary:
      'Copies the whole tree of the parent for each layer and container, as vfs does; files are cloned where the backing can.',
    cowUnit: 'none',
    backings: ['ext4', 'xfs', 'btrfs'],
    needs: {},
    showcase: [],
    bare: 'vfs',
    mountType: 'bind',
    spaceNeeded: ({ backing }, ...sizes) =>
      backing === 'ext4' ? wholeCopies(...sizes) : changedOnly(...sizes),
    limits: ({ backing }) => [DIRECTORY_TIMES, ...(backing === 'ext4' ? HOLES : [])],
    evidence: (host, backing) => directoryEvidence(host, backing),
  },
  {
    snapshotter: 'btrfs',
    summary:
      'A subvolume snapshot for each layer and container, as the driver btrfs; each is mounted by its number.',
    cowUnit: 'extent',
    backings: ['btrfs'],
    needs: {},
    showcase: ['containerd:btrfs'],
    bare: 'btrfs',
    mountType: 'btrfs',
    evidence: (host, _, { root }) => subvolumeEvidence(host, root),
  },
]

export const containerd: readonly Driver<NoOptions>[] = rows.map(driverOf)

function driverOf(row: Row): Driver<NoOptions> {
  const { snapshotter, bare, summary, cowUnit, backings, needs, showcase, limits, spaceNeeded } = row
  const driver: Driver<NoOptions> = {
    meta: {
      id: `${PROGRAM}:${snapshotter}`,
      title: `containerd's ${snapshotter}`,
      summary,
      cowUnit,
      emulated: false,
      role: 'driver',
      engine: { name: PROGRAM, withoutEngine: ({ backing }) => `${bare}@${backing}` },
      backings,
      needs: { ...needs, programs: [{ name: PROGRAM, version: '--version' }], hint: HINT },
      options: noOptions,
      showcase,
      spaceNeeded:
        spaceNeeded ?? ((_config, layers, containers, changed) => changedOnly(layers, containers, changed)),
      ...(limits === undefined ? {} : { limits }),
    },

    probe: (host, config) => probeDriver(host, driver, config, async () => versionOf(host)),

    async open(host, config, scratch) {
      const backing = await openBacking(host, scratch.device, config.backing, `${scratch.directory}/b`)
      return buildOn(backing, () => openSnapshotter(host, config, backing, scratch.directory, row))
    },
  }
  return driver
}

async function openSnapshotter(
  host: Host,
  config: DriverConfig<NoOptions>,
  backing: MountedBacking,
  directory: string,
  { snapshotter, mountType, evidence }: Row,
): Promise<ContainerdSnapshotter> {
  const places = { root: `${backing.path}/r`, directory: `${directory}/d` }
  const daemon = await startContainerd(host, snapshotter, places)
  try {
    return new ContainerdSnapshotter(backing, daemon, createRuntime(host, daemon, places.directory), {
      snapshotter,
      text: config.text,
      mountType,
      evidence: evidence(host, backing, daemon, config.text),
    })
  } catch (error) {
    await daemon[Symbol.asyncDispose]()
    throw error
  }
}

async function versionOf(host: Host): Promise<string> {
  const { stdout } = await host.run(PROGRAM, ['--version'])
  return stdout.trim()
}
