/** The snapshotters of containerd, and what tells one from another. */
import type { DriverConfig, DriverMeta, Limit, Scratch } from '../../harness/contracts/driver.ts'
import type { Host } from '../../harness/contracts/host.ts'
import { limitsOfOverlay } from '../common/overlay-limits.ts'
import { overlayOptionsOf } from '../common/overlay-parameters.ts'
import { EROFS_LIMITS } from '../common/erofs-limits.ts'
import { changedBlocks, changedOnly, packedLayers, wholeCopies, XFS_COW_BYTES } from '../common/space.ts'
import { BACKING_NEEDS } from '../../harness/linux/needs.ts'
import { spaceInPool } from '../common/thin/space.ts'
import { directoryEvidence } from './evidence/directories.ts'
import { overlayEvidence } from './evidence/overlay.ts'
import { subvolumeEvidence } from './evidence/subvolumes.ts'
import { onErofsLayers } from './grounds/erofs-layers.ts'
import { onImageFiles } from './grounds/image-files.ts'
import { onBacking, type Ground } from './grounds/ground.ts'
import { BLOCK_SIZE, onThinPool } from './grounds/thin-pool.ts'

export type NoOptions = Record<string, never>
type Config = DriverConfig<NoOptions>

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

const FILE_SIZES: Limit = {
  check: 'usage counts only its own',
  reason: 'blockfile counts what the files are larger than those of their parents, and all are of one size',
}

export interface Row extends Pick<
  DriverMeta<NoOptions>,
  'summary' | 'cowUnit' | 'backings' | 'needs' | 'showcase'
> {
  /** Its name in containerd. */
  snapshotter: string
  /** Returns the configuration that does the same in this process. */
  withoutEngine(config: Config): string | null
  /** Returns the type of file system that a container is mounted as. */
  mountType(config: Config): string
  spaceNeeded?: DriverMeta<NoOptions>['spaceNeeded']
  limits?(config: Config): readonly Limit[]
  open(host: Host, config: Config, scratch: Scratch): Promise<Ground>
}

export const rows: readonly Row[] = [
  {
    snapshotter: 'overlayfs',
    summary:
      'Stacks directories with the overlay file system, as overlay2 does; the directories are made and recorded by containerd.',
    cowUnit: 'file',
    backings: ['ext4', 'xfs', 'btrfs'],
    needs: { filesystems: ['overlay'] },
    showcase: ['containerd:overlayfs@ext4', 'containerd:overlayfs@xfs'],
    withoutEngine: ({ backing }) => `overlay2@${backing}`,
    mountType: () => 'overlay',
    limits: () => [...limitsOfOverlay(overlayOptionsOf('')), ROOT_MODE],
    open: onBacking((host, backing, _, text) => overlayEvidence(host, backing, text)),
  },
  {
    snapshotter: 'native',
    summary:
      'Copies the whole tree of the parent for each layer and container, as vfs does; files are cloned where the backing can.',
    cowUnit: 'none',
    backings: ['ext4', 'xfs', 'btrfs'],
    needs: {},
    showcase: [],
    withoutEngine: ({ backing }) => `vfs@${backing}`,
    mountType: () => 'bind',
    spaceNeeded: ({ backing }, ...sizes) =>
      backing === 'ext4' ? wholeCopies(...sizes) : changedOnly(...sizes),
    limits: ({ backing }) => [DIRECTORY_TIMES, ...(backing === 'ext4' ? HOLES : [])],
    open: onBacking(directoryEvidence),
  },
  {
    snapshotter: 'btrfs',
    summary:
      'A subvolume snapshot for each layer and container, as the driver btrfs; each is mounted by its number.',
    cowUnit: 'extent',
    backings: ['btrfs'],
    needs: {},
    showcase: ['containerd:btrfs'],
    withoutEngine: () => 'btrfs',
    mountType: () => 'btrfs',
    open: onBacking((host, _, { root }) => subvolumeEvidence(host, root)),
  },
  {
    snapshotter: 'devmapper',
    summary:
      'A thin snapshot of a block device for each layer and container, as devicemapper; containerd makes it by dmsetup.',
    cowUnit: 'block',
    backings: ['ext4', 'xfs'],
    needs: {
      modules: ['dm-thin-pool'],
      targets: ['thin-pool', 'thin', 'linear'],
      programs: [{ name: 'dmsetup' }],
      hint: 'a kernel with thin provisioning, as in a machine of bench lab, and dmsetup and containerd, which ./setup --with-engines installs',
    },
    showcase: ['containerd:devmapper@ext4'],
    withoutEngine: ({ backing }) => `devicemapper@${backing}`,
    mountType: ({ backing }) => backing,
    spaceNeeded: (_config, ...sizes) => spaceInPool(BLOCK_SIZE, ...sizes),
    open: onThinPool,
  },
  {
    snapshotter: 'blockfile',
    summary:
      'A file with a file system inside for each layer and container, a copy of its parent that xfs makes as a clone; mounted through a loop device.',
    cowUnit: 'block',
    backings: ['ext4', 'xfs'],
    needs: BACKING_NEEDS.xfs,
    showcase: ['containerd:blockfile@ext4'],
    withoutEngine: ({ backing }) => `blockcow@${backing}`,
    mountType: ({ backing }) => backing,
    spaceNeeded: (_config, ...sizes) => changedBlocks(XFS_COW_BYTES, ...sizes),
    limits: () => [FILE_SIZES],
    open: onImageFiles,
  },
  {
    snapshotter: 'erofs',
    summary:
      'Packs each layer into an EROFS image at its commit, and stacks the mounted images with overlay, as erofs does.',
    cowUnit: 'file',
    backings: ['ext4', 'xfs'],
    needs: {
      filesystems: ['erofs', 'overlay'],
      programs: [{ name: 'mkfs.erofs', version: '--version' }],
      hint: 'a kernel with erofs and overlay, and erofs-utils and containerd, which ./setup --with-engines installs',
    },
    showcase: ['containerd:erofs@ext4'],
    withoutEngine: ({ backing }) => `erofs@${backing}`,
    mountType: () => 'overlay',
    spaceNeeded: (_config, ...sizes) => packedLayers(...sizes),
    limits: () => [...EROFS_LIMITS, ROOT_MODE],
    open: onErofsLayers,
  },
]
