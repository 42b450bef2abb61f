import type { Cell } from '../../harness/contracts/cell.ts'
import type { Sample } from '../../harness/contracts/sample.ts'
import type { Behaviour } from './fixture-configurations.ts'
import { START } from './fixture-environment.ts'
import { resourcesOf } from './fixture-resources.ts'
import type { FixtureScenario } from './fixture-scenarios.ts'
import type { Noise } from './random.ts'

/** A configuration and scenario of which no sample completes, and the reason. */
const FAILING = { configuration: 'blockcow', scenario: 'startup' }
export const FAILURE = {
  state: 'failed',
  code: 'startup.no-output',
  reason: 'runc ended with code 1: unable to start container process: exec /bin/busybox: input/output error',
  hint: 'look at the kernel log for errors of the loop device',
} as const
/** The phase in which a flush is delayed, where they are. */
const FLUSHING = 'fsync'
/** How far apart samples begin. */
export const SECONDS_A_SAMPLE = 0.8

export interface Planned {
  cell: Cell
  behaviour: Behaviour
  scenario: FixtureScenario
}

/** A control is copied untimed: it has nothing to prepare or to remove. */
export function isAbsent(behaviour: Behaviour, phase: string): boolean {
  return behaviour.info.role === 'control' && ['prepare', 'remove'].includes(phase)
}

export function isFailing(cell: Cell): boolean {
  return cell.configuration === FAILING.configuration && cell.scenario === FAILING.scenario
}

/** Round by round, each in a fresh order; the last one of an interrupted run ends in its middle. */
export function* measureAll(
  runnable: readonly Planned[],
  rounds: number,
  interrupted: boolean,
  noise: Noise,
): Generator<Sample> {
  let taken = 0
  for (let round = 0; round < rounds; round += 1) {
    const order = shuffled(runnable, noise)
    const last = interrupted && round === rounds - 1
    for (const [position, cell] of order.slice(0, last ? Math.ceil(order.length / 2) : undefined).entries()) {
      yield measure(cell, round, position, taken, noise)
      taken += 1
    }
  }
}

function shuffled<T>(items: readonly T[], noise: Noise): T[] {
  return items
    .map((item) => ({ item, key: noise.uniform() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

function measure(
  { cell, behaviour, scenario }: Planned,
  round: number,
  position: number,
  index: number,
  noise: Noise,
): Sample {
  const at = new Date(START + index * SECONDS_A_SAMPLE * 1000).toISOString()
  const place = { cell: cell.id, round, position, at }
  const nothing = {
    phases: {},
    io: {},
    resources: {},
    allocated: null,
    pageCacheBytes: null,
    witness: null,
    took: 0.2,
    untimed: {},
    warnings: [],
  }
  if (isFailing(cell)) return { ...place, state: 'failed', reason: FAILURE.reason, ...nothing }
  const isTorn = round === 3 && cell.configuration === 'overlay2@xfs' && cell.params['size'] === '16M'
  if (isTorn)
    return {
      ...place,
      state: 'failed',
      reason: 'the container saw other bytes than the image holds',
      ...nothing,
    }
  const { phases: plain, written, allocated, changed } = scenario.measure(behaviour, cell.params, noise)
  const share = typeof behaviour.injected === 'number' ? behaviour.injected : 0
  const perFlush = typeof behaviour.injected === 'object' ? (behaviour.injected.measured ?? 0) : 0
  const factor = (1 + share) * peculiarityOf(cell, round)
  const times = new Set(scenario.info.phases.filter(({ unit }) => unit === 's').map(({ id }) => id))
  const phases = Object.fromEntries(
    Object.entries(plain)
      .filter(([phase]) => !isAbsent(behaviour, phase))
      .map(([phase, value]) => [
        phase,
        times.has(phase) ? value * factor + (phase === FLUSHING ? perFlush : 0) : value,
      ]),
  )
  const total = Object.values(written).reduce((sum, bytes) => sum + bytes, 8192)
  return {
    ...place,
    state: 'completed',
    reason: null,
    phases,
    io: Object.fromEntries(
      Object.entries({ ...written, total }).map(([id, bytes]) => [
        id,
        { ...counters(bytes), ...(perFlush === 0 ? {} : { delayedFlushes: id === FLUSHING ? 1 : 0 }) },
      ]),
    ),
    resources: resourcesOf(phases, cell.configuration.length),
    allocated: { bytes: Math.round(allocated), inodes: 3 },
    pageCacheBytes: Math.round(allocated * 0.9),
    witness: {
      mechanism: behaviour.mechanism,
      before: {
        layer: behaviour.mechanism === 'copied-up' ? 'lower' : 'shared',
        sharedBytes: null,
        exclusiveBytes: null,
      },
      after: {
        layer: behaviour.mechanism === 'copied-up' ? 'upper' : 'shared',
        sharedBytes: null,
        exclusiveBytes: null,
      },
      containerHash: 'c0ffee'.padEnd(64, '0'),
      lowerHash: '10be4'.padEnd(64, '0'),
      bytesChanged: changed === 0 ? null : changed,
      ...(cell.scenario === 'bigfile' ? { changed: { objects: 1, word: 'file' } } : {}),
    },
    took: 0.5,
    untimed: { rest: 0.05, verify: 0.1 },
    warnings:
      behaviour.info.id === 'btrfs' && round < 2
        ? [{ code: 'cache.not-verified', message: CACHE_WARNING }]
        : [],
  }
}

/** Returns the factor on all of a sample's times that makes some cells unlike the others. */
function peculiarityOf({ configuration, scenario, params }: Cell, round: number): number {
  // Two modes: every third round meets a busy image file.
  if (configuration === 'blockcow' && params['size'] === '256M' && round % 3 === 1) return 2.2
  // Outliers: now and then something else was on the disk.
  if (configuration === 'vfs@ext4' && scenario === 'startup' && round % 8 === 5) return 3.5
  // Drift: the store fills.
  if (configuration === 'btrfs' && params['workload'] === 'append-many') return 1 + 0.08 * Math.min(round, 40)
  return 1
}

const CACHE_WARNING = 'pages of the file were still cached after they were dropped'

function counters(bytes: number) {
  const bytesWritten = Math.round(bytes)
  return { bytesRead: 0, bytesWritten, reads: 0, writes: Math.ceil(bytesWritten / 131_072), flushes: 1 }
}
