import { RUN_SCHEMA_VERSION, type Run } from '../../harness/contracts/run.ts'
import type { Behaviour } from './fixture-configurations.ts'

/** When the fixture's run began. */
export const START = Date.parse('2026-01-31T20:15:00Z')

/** How the fixture's run was asked for, and where it ran. */
export function environment(
  seed: number,
  rounds: number,
  state: Run['state'],
  planned: readonly Behaviour[],
): Pick<Run, 'schema' | 'id' | 'state' | 'startedAt' | 'command' | 'options' | 'host'> {
  const configurations = planned.map(({ info }) => info.configuration)
  return {
    schema: RUN_SCHEMA_VERSION,
    id: '20260131-201500-x7k2',
    state,
    startedAt: new Date(START).toISOString(),
    command: `bench run --driver all --scenario all --profile quick --rounds ${rounds} --seed ${seed}`,
    options: {
      configurations,
      requested: configurations,
      scenarios: ['all'],
      profile: 'quick',
      rounds,
      maxRounds: rounds,
      precision: 0.08,
      same: 0.1,
      image: null,
      leftOut: [],
      gate: {},
      budgetSeconds: null,
      calibration: 'brief',
      injected: Object.fromEntries(
        planned.flatMap(({ info, injected }) =>
          injected === undefined ? [] : [[info.configuration, injected]],
        ),
      ),
      load: 'none',
      seed,
      scratch: { kind: 'loop', path: '/var/lib/bench/scratch', size: 8 * 1024 ** 3 },
    },
    host: {
      hash: 'f1'.repeat(32),
      kernel: '6.12.9-amd64',
      distribution: 'Debian GNU/Linux 12 (bookworm)',
      virtualization: null,
      cpu: { model: 'AMD EPYC 4344P', cores: 8, governor: 'ondemand' },
      memoryBytes: 64 * 1024 ** 3,
      disk: {
        device: '/dev/nvme0n1',
        model: 'Example NVMe 960 GB',
        rotational: false,
        scheduler: 'none',
        queueDepth: 1023,
        writeCache: 'write back',
        filesystem: 'ext4',
        mountOptions: 'rw,relatime',
      },
      kernelConfig: { CONFIG_OVERLAY_FS: 'y', CONFIG_BTRFS_FS: 'm', CONFIG_BLK_DEV_DM: 'not set' },
      tools: { fio: '3.33', runc: '1.1.5', 'mkfs.xfs': '6.1.0', btrfs: '6.2' },
      bench: '0.1.0',
      measuring: 1,
      node: 'v20.11.1',
    },
  }
}
