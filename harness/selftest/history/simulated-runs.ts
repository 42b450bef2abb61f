/** Run folders of nights that never were: noise, outliers, a disk that gets slower, three fingerprints, and planted changes. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cell } from '../../contracts/cell.ts'
import { RUN_SCHEMA_VERSION, type Run } from '../../contracts/run.ts'
import type { Sample } from '../../contracts/sample.ts'
import { type Random, randomOf } from '../simulation/random.ts'
import { factorOf, type Planted } from './planted.ts'

const CONFIGURATIONS = ['plain', 'first', 'second', 'third', 'fourth', 'fifth']
const SIZES = ['1M', '16M', '256M', '1G']
const ROUNDS = 3

/** Cells that have a control: those in which changes are planted. */
export const DRIVER_CELLS = (CONFIGURATIONS.length - 1) * SIZES.length

/** Scatter of a sample, and of all samples of a night together, as shares. */
const NOISE = 0.04
const NIGHT = 0.05
/** One sample in fifty takes three times as long, and so does a whole night in fifty. */
const OUTLIERS = 0.02
const OUTLIER = 3
/** The disk gets slower by 60 % over the fifth and sixth tenth of the runs, for every cell. */
const SLOWER = 0.6

export interface Simulation {
  runs: number
  seed: number
  planted: readonly Planted[]
}

/** Returns the numbers of the runs with which a new kernel and a new tool begin. */
export function bordersOf(runs: number): number[] {
  return [Math.floor(runs * 0.4), Math.floor(runs * 0.7)]
}

export function idOf(run: number): string {
  return `run-${String(run).padStart(5, '0')}`
}

/** Returns the number among {@link DRIVER_CELLS}; -1 for a control. */
export function numberOf(cell: string): number {
  return driverCells().findIndex(({ id }) => id === cell)
}

/** Writes the run folders into `output`, one at a time. */
export function writeRuns(output: string, { runs, seed, planted }: Simulation): void {
  const random = randomOf(seed)
  for (let number = 0; number < runs; number += 1) {
    const folder = join(output, idOf(number))
    const run = runOf(number, runs)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'run.json'), JSON.stringify(run))
    const lines = samplesOf(run, number, runs, planted, random).map((sample) => `${JSON.stringify(sample)}\n`)
    writeFileSync(join(folder, 'samples.ndjson'), lines.join(''))
  }
}

function samplesOf(
  run: Run,
  number: number,
  runs: number,
  planted: readonly Planted[],
  random: Random,
): Sample[] {
  const disk = 1 + SLOWER * Math.min(1, Math.max(0, (number / runs - 0.4) / 0.2))
  const isBadNight = random.uniform() < OUTLIERS
  const night = disk * Math.exp(NIGHT * random.normal()) * (isBadNight ? OUTLIER : 1)
  const drivers = driverCells()
  return Array.from({ length: ROUNDS }).flatMap((_, round) =>
    run.cells.map((cell, position) => {
      const index = drivers.findIndex(({ id }) => id === cell.id)
      const outlier = random.uniform() < OUTLIERS ? OUTLIER : 1
      const noise = Math.exp(NOISE * random.normal()) * outlier
      const seconds = baseOf(cell) * factorOf(planted, index, number) * night * noise
      return sampleOf(cell, round, position, seconds, run.startedAt)
    }),
  )
}

function baseOf({ configuration, label }: Cell): number {
  return 0.002 * (CONFIGURATIONS.indexOf(configuration) + 1) * (SIZES.indexOf(label) + 1)
}

function sampleOf(cell: Cell, round: number, position: number, seconds: number, at: string): Sample {
  return {
    cell: cell.id,
    round,
    position,
    at,
    state: 'completed',
    reason: null,
    phases: { write: seconds },
    io: { total: { bytesRead: 0, bytesWritten: 4096, reads: 0, writes: 1, flushes: 1 } },
    resources: {},
    allocated: { bytes: 4096, inodes: null },
    pageCacheBytes: 0,
    witness: null,
    took: seconds,
    untimed: {},
    warnings: [],
  }
}

function driverCells(): Cell[] {
  return cells().filter(({ control }) => control !== null)
}

let made: readonly Cell[] | null = null

function cells(): readonly Cell[] {
  made ??= CONFIGURATIONS.flatMap((configuration) => SIZES.map((size) => cellOf(configuration, size)))
  return made
}

function cellOf(configuration: string, size: string): Cell {
  const [control = ''] = CONFIGURATIONS
  const id = (name: string) => `${name} | write | size=${size} | warm`
  return {
    id: id(configuration),
    configuration,
    driver: configuration,
    backing: 'ext4',
    scenario: 'write',
    params: { size },
    label: size,
    subject: `Writing ${size}`,
    cache: 'warm',
    phases: ['write'],
    image: 'image',
    control: configuration === control ? null : id(control),
  }
}

const DAY = 24 * 60 * 60 * 1000
const BEGIN = Date.parse('2020-01-01T03:00:00.000Z')

function runOf(number: number, runs: number): Run {
  const [kernel = 0, tool = 0] = bordersOf(runs)
  const startedAt = new Date(BEGIN + number * DAY).toISOString()
  return {
    schema: RUN_SCHEMA_VERSION,
    id: idOf(number),
    state: 'completed',
    startedAt,
    endedAt: startedAt,
    command: 'bench run',
    options: {
      configurations: CONFIGURATIONS,
      requested: CONFIGURATIONS,
      scenarios: ['write'],
      image: null,
      profile: 'quick',
      rounds: ROUNDS,
      maxRounds: ROUNDS,
      precision: 0.03,
      same: 0.1,
      leftOut: [],
      budgetSeconds: null,
      calibration: 'none',
      injected: {},
      load: 'none',
      gate: {},
      seed: 1,
      scratch: { kind: 'device', path: '/dev/disk', size: 1024 ** 3 },
    },
    host: hostOf(number < kernel ? '6.1.0' : '6.12.0', number < tool ? '1.46' : '1.47'),
    drivers: CONFIGURATIONS.map((configuration, index) => ({
      configuration,
      id: configuration,
      title: configuration,
      summary: '',
      cowUnit: 'file',
      emulated: false,
      role: index === 0 ? 'control' : 'driver',
    })),
    scenarios: [
      {
        id: 'write',
        title: 'A write',
        question: 'What does a write cost?',
        phases: [{ id: 'write', title: 'Write', unit: 's', better: 'lower', headline: true }],
      },
    ],
    images: { image: { layers: 1, files: 1, bytes: 1024, manifest: 'cd34' } },
    cells: [...cells()],
    outcomes: Object.fromEntries(cells().map(({ id }) => [id, { state: 'completed' }])),
    calibration: null,
    stopped: 'rounds',
    warnings: [],
  }
}

function hostOf(kernel: string, tool: string): Run['host'] {
  return {
    hash: `${kernel} ${tool}`,
    kernel,
    distribution: 'Debian 12',
    virtualization: null,
    cpu: { model: 'A processor', cores: 8, governor: 'performance' },
    memoryBytes: 64 * 1024 ** 3,
    disk: {
      device: '/dev/disk',
      model: 'A disk',
      rotational: false,
      scheduler: 'none',
      queueDepth: 32,
      writeCache: 'write back',
      filesystem: null,
      mountOptions: null,
    },
    kernelConfig: {},
    tools: { 'mkfs.ext4': tool },
    bench: '0.1.0',
    measuring: 1,
    node: 'v20.0.0',
  }
}
