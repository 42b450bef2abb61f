import type { Cell, Outcome, Run, Sample } from '../../harness/contracts/run.ts'
import {
  type Behaviour,
  FIXTURE_DRIVERS,
  UNSUPPORTED_DRIVER,
  UNSUPPORTED_OUTCOME,
} from './fixture-drivers.ts'
import { FIXTURE_SCENARIOS, type FixtureScenario } from './fixture-scenarios.ts'
import { Noise } from './random.ts'

export interface FixtureOptions {
  seed?: number
  rounds?: number
  /** Driver configurations to keep, of those that can run; default all nine. */
  drivers?: readonly string[]
  /** Scenarios to keep; default all three. */
  scenarios?: readonly string[]
  /** An interrupted run ends in the middle of its last round. */
  state?: Run['state']
}

export interface FixtureRun {
  run: Run
  samples: Sample[]
}

/** A driver and scenario of which no sample completes, and the reason. */
const FAILING = { driver: 'blockcow', scenario: 'startup' }
const FAILURE = {
  state: 'failed',
  code: 'startup.no-output',
  reason: 'runc ended with code 1: unable to start container process: exec /bin/busybox: input/output error',
  hint: 'look at the kernel log for errors of the loop device',
} as const
const START = Date.parse('2026-01-31T20:15:00Z')
const SECONDS_A_SAMPLE = 0.8

/** A realistic, valid run: seeded, so the same figures every time. */
export function fixtureRun(options: FixtureOptions = {}): FixtureRun {
  const { seed = 7, rounds = 10, state = 'completed' } = options
  const noise = new Noise(seed)
  const drivers = FIXTURE_DRIVERS.filter(({ info }) => options.drivers?.includes(info.config) ?? true)
  const scenarios = FIXTURE_SCENARIOS.filter(({ info }) => options.scenarios?.includes(info.id) ?? true)
  const planned = [...drivers, UNSUPPORTED_DRIVER].flatMap((driver) =>
    scenarios.flatMap((scenario) => scenario.sets.map((set) => plan(driver, scenario, set))),
  )
  const samples = measureAll(planned, rounds, state === 'interrupted', noise)
  const run: Run = {
    ...environment(
      seed,
      rounds,
      state,
      [...drivers, UNSUPPORTED_DRIVER].map(({ info }) => info.config),
    ),
    endedAt:
      state === 'completed' ? new Date(START + samples.length * SECONDS_A_SAMPLE * 1000).toISOString() : null,
    drivers: [...drivers, UNSUPPORTED_DRIVER].map(({ info }) => info),
    scenarios: scenarios.map(({ info }) => info),
    images: Object.fromEntries(scenarios.map(({ image }) => [image, imageInfo(image)])),
    cells: planned.map(({ cell }) => cell),
    outcomes: Object.fromEntries(
      planned.map(({ cell, driver }) => [cell.id, outcomeOf(cell, driver, state)]),
    ),
    warnings: [
      { code: 'host.governor', message: 'the CPU governor is ondemand; figures may vary with the clock' },
    ],
  }
  return { run, samples }
}

interface Planned {
  cell: Cell
  driver: Behaviour
  scenario: FixtureScenario
}

function plan(driver: Behaviour, scenario: FixtureScenario, set: FixtureScenario['sets'][number]): Planned {
  const { params, label, subject } = set
  const phases = set.phases.filter((phase) => !isAbsent(driver, phase))
  const text = Object.entries(params)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
  const id = (config: string) => `${config} | ${scenario.info.id} | ${text} | cold`
  const control = driver.info.role === 'control' ? null : id(driver.control)
  const { config, id: driverId } = driver.info
  const own = { id: id(config), driver: config, driverId, backing: driver.backing }
  const cell: Cell = {
    ...own,
    scenario: scenario.info.id,
    params,
    label,
    subject,
    cache: 'warm',
    phases,
    image: scenario.image,
    control,
  }
  return { cell, driver, scenario }
}

function outcomeOf(cell: Cell, driver: Behaviour, state: Run['state']): Outcome {
  if (driver === UNSUPPORTED_DRIVER) return UNSUPPORTED_OUTCOME
  if (isFailing(cell)) return FAILURE
  return state === 'completed' ? { state } : { state: 'pending' }
}

/** A control is copied untimed: it has nothing to prepare or to remove. */
function isAbsent(driver: Behaviour, phase: string): boolean {
  return driver.info.role === 'control' && ['prepare', 'remove'].includes(phase)
}

function isFailing(cell: Cell): boolean {
  return cell.driver === FAILING.driver && cell.scenario === FAILING.scenario
}

function measureAll(
  planned: readonly Planned[],
  rounds: number,
  interrupted: boolean,
  noise: Noise,
): Sample[] {
  const runnable = planned.filter(({ driver }) => driver !== UNSUPPORTED_DRIVER)
  const samples: Sample[] = []
  for (let round = 0; round < rounds; round += 1) {
    const order = shuffled(runnable, noise)
    const last = interrupted && round === rounds - 1
    for (const [position, cell] of order.slice(0, last ? Math.ceil(order.length / 2) : undefined).entries()) {
      samples.push(measure(cell, round, position, samples.length, noise))
    }
  }
  return samples
}

function shuffled<T>(items: readonly T[], noise: Noise): T[] {
  return items
    .map((item) => ({ item, key: noise.uniform() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

function measure(
  { cell, driver, scenario }: Planned,
  round: number,
  position: number,
  index: number,
  noise: Noise,
): Sample {
  const at = new Date(START + index * SECONDS_A_SAMPLE * 1000).toISOString()
  const place = { cell: cell.id, round, position, at }
  const nothing = { phases: {}, io: {}, allocated: null, pageCacheBytes: null, witness: null, warnings: [] }
  if (isFailing(cell)) return { ...place, state: 'failed', reason: FAILURE.reason, ...nothing }
  const isTorn = round === 3 && cell.driver === 'overlay2@xfs' && cell.params['size'] === '16M'
  if (isTorn)
    return {
      ...place,
      state: 'failed',
      reason: 'the container saw other bytes than the image holds',
      ...nothing,
    }
  const { phases, written, allocated, changed } = scenario.measure(driver, cell.params, noise)
  const total = Object.values(written).reduce((sum, bytes) => sum + bytes, 8192)
  return {
    ...place,
    state: 'completed',
    reason: null,
    phases: Object.fromEntries(Object.entries(phases).filter(([phase]) => !isAbsent(driver, phase))),
    io: Object.fromEntries(Object.entries({ ...written, total }).map(([id, bytes]) => [id, counters(bytes)])),
    allocated: { bytes: Math.round(allocated), inodes: 3 },
    pageCacheBytes: Math.round(allocated * 0.9),
    witness: {
      mechanism: driver.mechanism,
      before: {
        layer: driver.mechanism === 'copied up' ? 'lower' : 'shared',
        sharedBytes: null,
        exclusiveBytes: null,
      },
      after: {
        layer: driver.mechanism === 'copied up' ? 'upper' : 'shared',
        sharedBytes: null,
        exclusiveBytes: null,
      },
      containerHash: 'c0ffee'.padEnd(64, '0'),
      lowerHash: '10be4'.padEnd(64, '0'),
      bytesChanged: changed === 0 ? null : changed,
    },
    warnings:
      driver.info.id === 'btrfs' && round < 2 ? [{ code: 'cache.not-verified', message: CACHE_WARNING }] : [],
  }
}

const CACHE_WARNING = 'pages of the file were still cached after they were dropped'

function counters(bytes: number) {
  const bytesWritten = Math.round(bytes)
  return { bytesRead: 0, bytesWritten, reads: 0, writes: Math.ceil(bytesWritten / 131_072), flushes: 1 }
}

function imageInfo(image: string) {
  const manifest = Buffer.from(image.padEnd(32, '.')).toString('hex').slice(0, 64)
  return { layers: 8, files: 1090, bytes: 94 * 1024 ** 2, manifest }
}

function environment(seed: number, rounds: number, state: Run['state'], drivers: string[]) {
  return {
    schema: 1 as const,
    id: '20260131-201500-x7k2',
    state,
    startedAt: new Date(START).toISOString(),
    command: `bench run --driver all --scenario all --profile quick --rounds ${rounds} --seed ${seed}`,
    options: {
      drivers,
      requested: drivers,
      scenarios: ['all'],
      profile: 'quick' as const,
      rounds,
      budgetSeconds: null,
      seed,
      scratch: { kind: 'loop' as const, path: '/var/lib/bench/scratch', size: 8 * 1024 ** 3 },
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
      node: 'v20.11.1',
    },
  }
}
