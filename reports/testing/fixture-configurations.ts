import type { DriverInfo } from '../../harness/contracts/run.ts'
import type { Injected } from '../../harness/contracts/options.ts'

/** How a configuration of the fixture behaves; seconds, and seconds a byte. */
export interface Behaviour {
  info: DriverInfo
  backing: string
  control: string
  /** The delay that it is given on purpose. */
  injected?: Injected
  mechanism: 'copied-up' | 'cloned' | 'block-cow' | 'none'
  /** Cost of the first write per byte of the file. */
  perByte: number
  prepare: number
  /** Cost of `prepare` per byte of the image. */
  preparePerByte: number
  mount: number
  fsync: number
  /** Factor to the control's time for small writes. */
  smallWrites: number
}

function behaviourOf(
  configuration: string,
  cowUnit: DriverInfo['cowUnit'],
  summary: string,
  rest: Omit<Behaviour, 'info'>,
  kind: Partial<Pick<DriverInfo, 'emulated' | 'role'>> = {},
): Behaviour {
  const id = configuration.split(/[@+#]/)[0] ?? configuration
  const info = {
    configuration,
    id,
    title: id,
    summary,
    cowUnit,
    emulated: false,
    role: 'driver' as const,
    ...kind,
  }
  return { info, ...rest }
}

const plain = {
  mechanism: 'none',
  perByte: 0,
  prepare: 4e-5,
  preparePerByte: 0,
  mount: 6e-5,
  smallWrites: 1,
} as const
const control = { role: 'control' } as const

/** Nine configurations that can run, in the manner of figures measured on one machine. */
export const FIXTURE_CONFIGURATIONS: readonly Behaviour[] = [
  behaviourOf(
    'bare@ext4',
    'none',
    'A plain directory.',
    { ...plain, backing: 'ext4', control: 'bare@ext4', fsync: 1.1e-3 },
    control,
  ),
  behaviourOf(
    'bare@xfs',
    'none',
    'A plain directory.',
    { ...plain, backing: 'xfs', control: 'bare@xfs', fsync: 1.2e-3 },
    control,
  ),
  behaviourOf(
    'bare@btrfs',
    'none',
    'A plain directory.',
    { ...plain, backing: 'btrfs', control: 'bare@btrfs', fsync: 1.3e-3 },
    control,
  ),
  behaviourOf('overlay2@ext4', 'file', 'Copies the whole file up on its first change.', {
    backing: 'ext4',
    control: 'bare@ext4',
    mechanism: 'copied-up',
    perByte: 9.3e-10,
    smallWrites: 2.6,
    prepare: 1.1e-4,
    preparePerByte: 0,
    mount: 1.3e-4,
    fsync: 1.1e-3,
  }),
  behaviourOf('overlay2@xfs', 'file', 'Clones the file on its first change, by reflink.', {
    backing: 'xfs',
    control: 'bare@xfs',
    mechanism: 'cloned',
    perByte: 0,
    smallWrites: 2.2,
    prepare: 1.2e-4,
    preparePerByte: 0,
    mount: 1.4e-4,
    fsync: 1.3e-3,
  }),
  behaviourOf('overlay2@xfs+reflink=off', 'file', 'Copies the whole file up on its first change.', {
    backing: 'xfs',
    control: 'bare@xfs',
    mechanism: 'copied-up',
    perByte: 1.05e-9,
    smallWrites: 2.7,
    prepare: 1.2e-4,
    preparePerByte: 0,
    mount: 1.4e-4,
    fsync: 1.3e-3,
  }),
  behaviourOf('btrfs', 'extent', 'Writes new extents; the file stays shared.', {
    backing: 'btrfs',
    control: 'bare@btrfs',
    mechanism: 'block-cow',
    perByte: 0,
    smallWrites: 1.4,
    prepare: 9e-4,
    preparePerByte: 0,
    mount: 1.5e-4,
    fsync: 1.35e-3,
  }),
  behaviourOf('vfs@ext4', 'none', 'Copies the whole image for each container.', {
    backing: 'ext4',
    control: 'bare@ext4',
    mechanism: 'none',
    perByte: 0,
    smallWrites: 1.02,
    prepare: 0.11,
    preparePerByte: 3.1e-9,
    mount: 6e-5,
    fsync: 1.1e-3,
  }),
  behaviourOf(
    'blockcow',
    'block',
    'An image file cloned for each container.',
    {
      backing: 'xfs',
      control: 'bare@xfs',
      mechanism: 'block-cow',
      perByte: 0,
      smallWrites: 1.25,
      prepare: 2.1e-3,
      preparePerByte: 0,
      mount: 5.2e-3,
      fsync: 1.6e-3,
    },
    { emulated: true },
  ),
]

const overlay2 = {
  backing: 'ext4',
  control: 'overlay2@ext4',
  mechanism: 'copied-up',
  perByte: 9.3e-10,
  smallWrites: 2.6,
  prepare: 1.1e-4,
  preparePerByte: 0,
  mount: 1.3e-4,
  fsync: 1.1e-3,
} as const

/** Measured beside their equal without a label, to see what the harness makes of it; only where they are asked for. */
export const LABELLED_CONFIGURATIONS: readonly Behaviour[] = [
  behaviourOf('overlay2@ext4#again', 'file', 'Copies the whole file up on its first change.', overlay2),
  behaviourOf('overlay2@ext4#delayed', 'file', 'Copies the whole file up on its first change.', {
    ...overlay2,
    injected: 0.05,
  }),
  behaviourOf('overlay2@ext4#flushes', 'file', 'Copies the whole file up on its first change.', {
    ...overlay2,
    injected: { flush: 0.02, measured: 0.0173 },
  }),
]

/** Kept where a test asks for them: with the nine and the one that cannot run, sixteen. */
export const MORE_CONFIGURATIONS: readonly Behaviour[] = [
  behaviourOf('overlay2@ext4+metacopy=on', 'file', 'Copies the whole file up on its first change.', {
    ...overlay2,
    control: 'bare@ext4',
    smallWrites: 2.5,
  }),
  behaviourOf('overlay2@ext4+volatile=on', 'file', 'Copies the whole file up on its first change.', {
    ...overlay2,
    control: 'bare@ext4',
    perByte: 4e-10,
    smallWrites: 1.6,
  }),
  behaviourOf('overlay2@btrfs', 'file', 'Clones the file on its first change, by reflink.', {
    ...overlay2,
    backing: 'btrfs',
    control: 'bare@btrfs',
    mechanism: 'cloned',
    perByte: 0,
    fsync: 1.6e-3,
  }),
  behaviourOf('erofs@ext4', 'file', 'Copies the whole file up on its first change.', {
    ...overlay2,
    control: 'bare@ext4',
    perByte: 1.2e-9,
    smallWrites: 3.1,
  }),
  behaviourOf('vfs@xfs', 'none', 'Copies the whole image for each container.', {
    ...plain,
    backing: 'xfs',
    control: 'bare@xfs',
    fsync: 1.2e-3,
    prepare: 0.13,
    preparePerByte: 3.3e-9,
  }),
  behaviourOf('containerd-native@btrfs', 'extent', 'Writes new extents; the file stays shared.', {
    ...plain,
    mechanism: 'block-cow',
    backing: 'btrfs',
    control: 'bare@btrfs',
    fsync: 1.5e-3,
    prepare: 1.1e-3,
  }),
]

/** One that the fixture's kernel cannot run. */
export const UNSUPPORTED_CONFIGURATION: Behaviour = behaviourOf(
  'devicemapper@ext4',
  'block',
  'A thin snapshot for each layer.',
  {
    ...plain,
    backing: 'ext4',
    control: 'bare@ext4',
    fsync: 0,
  },
)

export const UNSUPPORTED_OUTCOME = {
  state: 'unsupported',
  code: 'devicemapper.no-kernel',
  reason: 'this kernel has no device mapper',
  hint: 'boot a kernel with CONFIG_BLK_DEV_DM and CONFIG_DM_THIN_PROVISIONING',
} as const
