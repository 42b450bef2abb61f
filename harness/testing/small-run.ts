/** A run of one cell, valid to the letter, for tests of reading and writing. */
import type { Plan } from '../contracts/plan.ts'
import { RUN_SCHEMA_VERSION, type Run } from '../contracts/run.ts'
import type { Sample } from '../contracts/sample.ts'

const CELL = 'stacker@ext4 write size=1M warm'

export function smallRun(): Run {
  return {
    schema: RUN_SCHEMA_VERSION,
    id: '20260131-142501-k3x9',
    state: 'completed',
    startedAt: '2026-01-31T14:25:01.000Z',
    endedAt: '2026-01-31T14:26:01.000Z',
    command: 'bench run --driver stacker --scenario write',
    options: {
      configurations: ['stacker@ext4'],
      requested: ['stacker@ext4'],
      scenarios: ['write'],
      profile: 'quick',
      rounds: 3,
      maxRounds: 3,
      precision: 0.03,
      same: 0.1,
      image: null,
      leftOut: [],
      gate: {},
      budgetSeconds: null,
      calibration: 'none',
      injected: {},
      load: 'none',
      seed: 1,
      scratch: { kind: 'loop', path: '/var/lib/bench', size: 1024 ** 3 },
    },
    host: {
      hash: 'ab12',
      kernel: '6.1.0',
      distribution: 'Debian 12',
      virtualization: null,
      cpu: { model: 'A processor', cores: 2, governor: null },
      memoryBytes: 1024 ** 3,
      disk: {
        device: null,
        model: null,
        rotational: null,
        scheduler: null,
        queueDepth: null,
        writeCache: null,
        filesystem: null,
        mountOptions: null,
      },
      kernelConfig: {},
      tools: {},
      bench: '0.1.0',
      measuring: 1,
      node: 'v20.0.0',
    },
    drivers: [
      {
        configuration: 'stacker@ext4',
        id: 'stacker',
        title: 'stacker',
        summary: 'for tests',
        cowUnit: 'file',
        emulated: false,
        role: 'driver',
      },
    ],
    scenarios: [
      {
        id: 'write',
        title: 'A write',
        question: 'What does a write cost?',
        phases: [{ id: 'write', title: 'write', unit: 's', better: 'lower', headline: true }],
      },
    ],
    images: { 'write-1': { layers: 1, files: 1, bytes: 1024, manifest: 'cd34' } },
    cells: [
      {
        id: CELL,
        configuration: 'stacker@ext4',
        driver: 'stacker',
        backing: 'ext4',
        scenario: 'write',
        params: { size: '1M' },
        label: '1 MiB',
        subject: 'Changing one byte of a 1 MiB file',
        cache: 'warm',
        phases: ['write'],
        image: 'write-1',
        control: null,
      },
    ],
    outcomes: { [CELL]: { state: 'completed' } },
    calibration: null,
    stopped: 'rounds',
    warnings: [],
  }
}

/** Returns the plan of the small run. */
export function smallPlan(): Plan {
  const { options, cells } = smallRun()
  const seconds = { setUp: 1, round: 1 }
  return {
    options,
    cells,
    estimate: { scratchByConfiguration: {}, scratchSize: options.scratch.size, seconds, absent: {} },
    destroy: null,
  }
}

export function sampleOf(run: Run, round: number): Sample {
  return {
    cell: run.cells[0]?.id ?? '',
    round,
    position: 0,
    at: '2026-01-31T14:25:10.000Z',
    state: 'completed',
    reason: null,
    phases: { write: 0.01 },
    io: { write: { bytesRead: 0, bytesWritten: 4096, reads: 0, writes: 1, flushes: 1 } },
    resources: {},
    allocated: { bytes: 4096, inodes: null },
    pageCacheBytes: 0,
    witness: null,
    took: 1,
    untimed: {},
    warnings: [],
  }
}
