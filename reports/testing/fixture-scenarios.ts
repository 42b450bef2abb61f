import type { Sample } from '../../harness/contracts/sample.ts'
import type { ScenarioInfo } from '../../harness/contracts/run.ts'
import { parseSize } from '../../harness/contracts/units.ts'
import type { Behaviour } from './fixture-configurations.ts'
import type { Noise } from './random.ts'

const MIB = 1024 ** 2

type Measured = Pick<Sample, 'phases'> & {
  /** Bytes written at the device, by phase. */
  written: Record<string, number>
  allocated: number
  changed: number
}

export interface FixtureScenario {
  info: ScenarioInfo
  image: string
  sets: readonly {
    params: Record<string, string>
    label: string
    subject: string
    phases: readonly string[]
  }[]
  measure(behaviour: Behaviour, params: Record<string, string>, noise: Noise): Measured
}

function seconds(id: string, title: string, rest: Partial<ScenarioInfo['phases'][number]> = {}) {
  return { id, title, unit: 's' as const, better: 'lower' as const, ...rest }
}

const bigfilePhases = [
  'prepare',
  'mount',
  'open',
  'write',
  'fsync',
  'first-write',
  'second-write',
  'umount',
  'remove',
]

const bigfile: FixtureScenario = {
  info: {
    id: 'bigfile',
    title: 'Changing one byte of a large file',
    question: 'What does the first change of a large file of the image cost, and does it grow with the file?',
    phases: [
      seconds('prepare', 'Prepare'),
      seconds('mount', 'Mount'),
      seconds('open', 'Open for writing'),
      seconds('write', 'Write one byte'),
      seconds('fsync', 'Sync'),
      seconds('first-write', 'First write', {
        headline: true,
        sum: ['open', 'write', 'fsync'],
        limit: { operation: 'copy', pattern: 'sequential' },
      }),
      seconds('second-write', 'Second write'),
      seconds('umount', 'Unmount'),
      seconds('remove', 'Remove'),
    ],
  },
  image: 'bigfile-8-layers',
  sets: ['1M', '16M', '256M'].map((size) => ({
    params: { size, touch: 'byte', depth: '0' },
    label: `${(parseSize(size) ?? 0) / MIB} MiB`,
    subject: `Changing one byte of a ${(parseSize(size) ?? 0) / MIB} MiB file`,
    phases: bigfilePhases,
  })),
  measure(behaviour, params, noise) {
    const size = parseSize(params['size'] ?? '') ?? 0
    const copied = behaviour.perByte > 0 ? size : 0
    const phases = {
      prepare: (behaviour.prepare + behaviour.preparePerByte * (size + 94 * MIB)) * noise.factor(0.15),
      mount: behaviour.mount * noise.factor(0.1),
      open: (2e-5 + behaviour.perByte * size) * noise.factor(0.06),
      write: 3e-5 * noise.factor(0.2),
      fsync: behaviour.fsync * noise.factor(0.09),
      'second-write': behaviour.fsync * 0.97 * noise.factor(0.08),
      umount: 3e-4 * noise.factor(0.2),
      remove: (2e-4 + behaviour.preparePerByte * 4e6 + copied * 2e-11) * noise.factor(0.25),
    }
    const written = {
      open: copied,
      write: 0,
      fsync: 12_288,
      prepare: behaviour.preparePerByte > 0 ? size + 94 * MIB : 8192,
    }
    return { phases, written, allocated: copied + 4096, changed: 1 }
  },
}

const percentiles = ['50', '95', '99', '99.9'] as const

function fioPhases(id: string, title: string): ScenarioInfo['phases'] {
  return [
    {
      id: `${id}-iops`,
      title: `${title}, rate`,
      unit: 'iops',
      better: 'higher',
      byTool: true,
      limit: { operation: 'write+flush', pattern: 'random' },
    },
    ...percentiles.map((p) => seconds(`${id}-clat-p${p}`, `${title}, latency p${p}`, { byTool: true })),
  ]
}

const smallwrites: FixtureScenario = {
  info: {
    id: 'smallwrites',
    title: 'Many small writes',
    question: 'What do many small changes cost, until they are durable?',
    phases: [
      seconds('prepare', 'Prepare'),
      seconds('mount', 'Mount'),
      seconds('append', 'Append to each file'),
      seconds('syncfs', 'Sync the file system'),
      seconds('append-durable', 'Appended and durable', {
        headline: true,
        sum: ['append', 'syncfs'],
        limit: { operation: 'write+flush', pattern: 'sequential' },
      }),
      ...fioPhases('first-touch', 'First touch'),
      ...fioPhases('steady', 'Steady state'),
    ],
  },
  image: 'smallwrites-8-layers',
  sets: [
    {
      params: { workload: 'append-many', files: '2000', processes: '1' },
      label: 'append-many, 2,000 files',
      subject: 'Appending one byte to each of 2,000 files',
      phases: ['prepare', 'mount', 'append', 'syncfs', 'append-durable'],
    },
    {
      params: { workload: 'random-write', files: '1', processes: '1' },
      label: 'random-write, 4 KiB into 256 MiB',
      subject: 'Random 4 KiB writes to a 256 MiB file',
      phases: [...fioPhases('first-touch', ''), ...fioPhases('steady', '')].map(({ id }) => id),
    },
  ],
  measure(behaviour, params, noise) {
    const slow = behaviour.smallWrites
    if (params['workload'] === 'append-many') {
      const phases = {
        prepare: (behaviour.prepare + behaviour.preparePerByte * 94 * MIB) * noise.factor(0.1),
        mount: behaviour.mount * noise.factor(0.1),
        append: 0.031 * slow * noise.factor(0.08),
        syncfs: 0.042 * Math.sqrt(slow) * noise.factor(0.12),
      }
      return {
        phases,
        written: { append: 0, syncfs: 8.2e6 * slow },
        allocated: 8_192_000 * slow,
        changed: 2000,
      }
    }
    const rate = (id: string, iops: number) => ({
      [`${id}-iops`]: iops * noise.factor(0.09),
      ...Object.fromEntries(
        percentiles.map((p, index) => [
          `${id}-clat-p${p}`,
          (1 / iops) * 3.1 ** index * noise.factor(0.07 + 0.05 * index),
        ]),
      ),
    })
    const firstTouch = 8600 / (slow + behaviour.perByte * 2e9)
    const phases = { ...rate('first-touch', firstTouch), ...rate('steady', 9200 / Math.sqrt(slow)) }
    const changed = 67_108_864
    const copied = behaviour.perByte > 0 ? 268_435_456 : 0
    const written = { 'first-touch-iops': changed * 1.6 + copied, 'steady-iops': changed * 1.5 }
    return { phases, written, allocated: Math.max(changed, copied), changed: changed * 2 }
  },
}

const startupParts = ['prepare', 'mount', 'create', 'start', 'ready']

const startup: FixtureScenario = {
  info: {
    id: 'startup',
    title: 'Starting a container',
    question: 'How long does it take from nothing to the first byte of the container’s output?',
    phases: [
      seconds('prepare', 'Prepare'),
      seconds('mount', 'Mount'),
      seconds('create', 'Create'),
      seconds('start', 'Start'),
      seconds('ready', 'First output'),
      seconds('prepare-to-ready', 'Prepare to ready', { headline: true, sum: startupParts }),
      seconds('exit', 'Exit'),
      seconds('umount', 'Unmount'),
      seconds('remove', 'Remove'),
    ],
  },
  image: 'startup-small',
  sets: [
    {
      params: { image: 'small', layers: '8', concurrency: '1' },
      label: 'small image, 8 layers',
      subject: 'Starting a container, small image, 8 layers',
      phases: [...startupParts, 'prepare-to-ready', 'exit', 'umount', 'remove'],
    },
  ],
  measure(behaviour, _params, noise) {
    const phases = {
      prepare: (behaviour.prepare + behaviour.preparePerByte * 94 * MIB) * noise.factor(0.1),
      mount: behaviour.mount * noise.factor(0.1),
      create: 0.019 * noise.factor(0.07),
      start: 0.0062 * noise.factor(0.08),
      ready: 0.0041 * noise.factor(0.12),
      exit: 0.0034 * noise.factor(0.1),
      umount: 6e-4 * noise.factor(0.2),
      remove: (5e-4 + behaviour.preparePerByte * 6e6) * noise.factor(0.2),
    }
    return {
      phases,
      written: { prepare: behaviour.preparePerByte > 0 ? 94 * MIB : 8192 },
      allocated: 16_384,
      changed: 0,
    }
  },
}

export const FIXTURE_SCENARIOS: readonly FixtureScenario[] = [bigfile, smallwrites, startup]
