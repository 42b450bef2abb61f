import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Driver } from '../contracts/driver.ts'
import { BenchError, ExitCode } from '../contracts/error.ts'
import { sampleSchema, type Sample } from '../contracts/sample.ts'
import type { Outcome } from '../contracts/cell.ts'
import type { Scenario, Trial } from '../contracts/scenario.ts'
import { SyscallError, type Syscalls } from '../contracts/syscalls.ts'
import { openResources, type ResourceReader } from '../measurement/resources.ts'
import { fakeCell } from '../testing/cell.ts'
import { fakeDrivers } from '../testing/fake-drivers.ts'
import { fakeScenarios, NO_WITNESS } from '../testing/fake-scenarios.ts'
import {
  createFakeSnapshotter,
  createLoggingHost,
  plainConfig,
  type FakeStoreScript,
} from '../testing/fake-store.ts'
import { createManualTimer } from '../testing/manual-timer.ts'
import type { ReadyCell } from './ready-cell.ts'
import { earlierSamples } from './resume.ts'
import { monotonicSeconds, runRounds, type RoundsInputs, type StopReason } from './rounds.ts'

let folder: string
let log: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-test-rounds-'))
  log = []
})
afterEach(() => rmSync(folder, { recursive: true }))

const [plain, stacker] = fakeDrivers as [Driver, Driver]
const [write] = fakeScenarios as [Scenario]
const PHASES = ['prepare', 'mount', 'open', 'write', 'first', 'umount', 'remove']

/** Opens and writes; what is done in between and how it is verified is up to the test. */
function scenario(changes: Partial<Pick<Scenario, 'run' | 'verify'>> = {}): Scenario {
  return {
    ...write,
    async run(trial) {
      const container = trial.container()
      await container.prepare()
      await container.mount()
      trial.clock.time('open', () => log.push('open'))
      await trial.clock.timeAsync('write', async () => log.push('write'))
    },
    async verify() {
      log.push('verify')
      return NO_WITNESS
    },
    ...changes,
  }
}

interface CellOptions {
  driver?: Driver
  scenario?: Scenario
  script?: FakeStoreScript
  phases?: readonly string[]
}

function cell(id: string, options: CellOptions = {}): ReadyCell {
  const { driver = stacker, phases = PHASES } = options
  const config = plainConfig(driver)
  const directory = join(folder, id)
  mkdirSync(directory)
  const image = { name: 'image', manifest: new Map() }
  return {
    cell: fakeCell(driver, { id, phases }),
    driver,
    scenario: options.scenario ?? scenario(),
    params: {},
    store: {
      config,
      snapshotter: createFakeSnapshotter(log, options.script),
      delayed: null,
      directory,
      images: new Map(),
      close: async () => undefined,
    },
    image,
  }
}

interface Measured {
  reason: StopReason
  samples: Sample[]
  outcomes: Record<string, Outcome>
  trials: string[]
}

async function measure(cells: readonly ReadyCell[], changes: Partial<RoundsInputs> = {}): Promise<Measured> {
  const samples: Sample[] = []
  const outcomes: Record<string, Outcome> = {}
  const trials: string[] = []
  using resources = openCountedResources()
  const reason = await runRounds({
    host: createLoggingHost(log),
    cells,
    rounds: 1,
    maxRounds: changes.rounds ?? 1,
    aim: { precision: 0.03, same: 0.1 },
    injected: {},
    resources,
    seed: 1,
    deadline: null,
    directory: join(folder, 't'),
    order: (all) => [...all],
    earlier: null,
    append(sample) {
      samples.push(sampleSchema.parse(sample))
      log.push('append')
    },
    async onTrial(one, { round, done, left }) {
      trials.push(`${one.id} ${round} ${done}/${left === null ? '?' : done + left.trials}`)
      log.push(`trial ${one.id}`)
    },
    onOutcome: (one, outcome) => (outcomes[one.id] = outcome),
    stopping: () => false,
    ...changes,
  })
  return { reason, samples, outcomes, trials }
}

describe('a trial', () => {
  test('goes in this order: come to rest, count, work, come to rest, count, verify, take apart, keep', async () => {
    await measure([cell('a')])
    expect(log).toEqual([
      'trial a',
      'settle',
      'allocated',
      'prepare container-0.0.0 image',
      'mount 0',
      'open',
      'write',
      'settle',
      'allocated',
      'verify',
      'unmount 0',
      'remove container-0.0.0',
      'append',
    ])
  })

  test('begins when it was announced, not before', async () => {
    let announced: () => void = () => undefined
    const measuring = measure([cell('a')], { onTrial: () => new Promise((done) => (announced = done)) })
    await new Promise((next) => setImmediate(next))
    await new Promise((next) => setImmediate(next))
    expect(log).toEqual([])
    announced()
    expect((await measuring).samples).toHaveLength(1)
  })

  test('times each verb, adds sums up, and tells what space it took', async () => {
    let used = 100
    const script = { allocated: () => (used += 50) }
    const { samples, outcomes } = await measure([cell('a', { script })])
    const [sample] = samples
    expect(Object.keys(sample?.phases ?? {}).toSorted()).toEqual([...PHASES].toSorted())
    const { open = NaN, write: written = NaN, first } = sample?.phases ?? {}
    expect(first).toBe(open + written)
    expect(Object.keys(sample?.io ?? {})).toContain('total')
    expect(Object.keys(sample?.resources ?? {}).toSorted()).toEqual(Object.keys(sample?.io ?? {}).toSorted())
    expect(sample?.resources).toMatchObject({ total: { kernelSeconds: 1 }, open: { kernelSeconds: null } })
    expect(sample).toMatchObject({ state: 'completed', reason: null, allocated: { bytes: 50, inodes: 0 } })
    expect(outcomes).toEqual({ a: { state: 'completed' } })
  })

  test('a sum counts the parts that the cell reports', async () => {
    const { samples } = await measure([cell('a', { phases: ['write', 'first'] })])
    expect(samples[0]?.phases['first']).toBe(samples[0]?.phases['write'])
  })

  test('there is no sum where a part was not measured', async () => {
    const run = async (trial: Trial) => trial.clock.time('open', () => undefined)
    const { samples } = await measure([cell('a', { scenario: scenario({ run }) })])
    expect(samples[0]?.phases).not.toHaveProperty('first')
  })

  test('several calls of a phase add up', async () => {
    const timer = createManualTimer()
    const run = async (trial: Trial) => {
      for (let call = 0; call < 3; call += 1) trial.clock.time('open', () => timer.pass(0.01))
    }
    const { samples } = await measure([cell('a', { scenario: scenario({ run }) })], { timer })
    expect(samples[0]?.phases['open']).toBeCloseTo(0.03, 9)
  })

  test('an injected delay makes the phases of its configuration longer, and no other', async () => {
    const timer = createManualTimer()
    const run = async (trial: Trial) => trial.clock.time('open', () => timer.pass(0.02))
    const slow = cell('slow', { scenario: scenario({ run }) })
    const plainCell = cell('plain', { driver: plain, scenario: scenario({ run }) })
    const { samples } = await measure([slow, plainCell], {
      injected: { [slow.cell.configuration]: 4 },
      timer,
    })
    expect(samples.map(({ cell: id, phases }) => [id, phases['open']])).toEqual([
      ['slow', expect.closeTo(0.1, 9)],
      ['plain', expect.closeTo(0.02, 9)],
    ])
  })

  test('a control prepares and removes, untimed', async () => {
    const { samples } = await measure([cell('a', { driver: plain })])
    expect(log).toContain('prepare container-0.0.0 image')
    expect(log).toContain('remove container-0.0.0')
    expect(samples[0]?.phases).not.toHaveProperty('prepare')
    expect(samples[0]?.phases).not.toHaveProperty('remove')
    expect(samples[0]?.phases).toHaveProperty('mount')
  })

  test('of several containers unmounts all, then removes all', async () => {
    const run = async (trial: Trial) => {
      for (const index of [0, 1]) {
        await trial.container(index).prepare()
        await trial.container(index).mount()
      }
    }
    await measure([cell('a', { scenario: scenario({ run }) })])
    const end = log.slice(log.indexOf('verify') + 1)
    expect(end).toEqual([
      'unmount 0',
      'unmount 1',
      'remove container-0.0.0',
      'remove container-0.0.1',
      'append',
    ])
  })

  test('keeps what tools measured and what the reader must know', async () => {
    const run = async (trial: Trial) => {
      trial.record.value('write', 123)
      trial.record.warning('test.odd', 'something is odd')
    }
    const { samples } = await measure([cell('a', { scenario: scenario({ run }) })])
    expect(samples[0]?.phases).toMatchObject({ write: 123 })
    expect(samples[0]?.warnings).toEqual([{ code: 'test.odd', message: 'something is odd' }])
  })

  test('gets an empty folder of its own, which is gone afterwards', async () => {
    const seen: boolean[] = []
    const run = async (trial: Trial) => {
      const file = join(trial.directory, 'left')
      seen.push(existsSync(file))
      writeFileSync(file, '')
    }
    await measure([cell('a', { scenario: scenario({ run }) })], { rounds: 2 })
    expect(seen).toEqual([false, false])
    expect(existsSync(join(folder, 't'))).toBe(false)
  })
})

describe('what a store says of itself', () => {
  const full = new BenchError('the pool is full', {
    code: 'driver.pool-full',
    hint: 'take a larger one',
    exitCode: ExitCode.cellFailed,
  })

  test('goes to the witness and the warnings of a sample', async () => {
    const warnings = [{ code: 'driver.pool-low', message: 'the pool is nearly full' }]
    const script = { condition: () => ({ details: { poolFree: 0.1 }, warnings }) }
    const { samples } = await measure([cell('a', { script })])
    expect(samples).toMatchObject([{ state: 'completed', witness: { details: { poolFree: 0.1 } }, warnings }])
  })

  test('is the reason of whatever a container met', async () => {
    const run = () => Promise.reject(new Error('EIO: i/o error, fsync'))
    const script = { condition: () => ({ failure: full }) }
    const { samples, outcomes } = await measure([cell('a', { scenario: scenario({ run }), script })])
    const reason = 'the pool is full: EIO: i/o error, fsync'
    expect(samples).toMatchObject([{ state: 'failed', reason }])
    expect(outcomes['a']).toMatchObject({ code: 'driver.pool-full', reason, hint: 'take a larger one' })
  })

  test('fails a sample that met nothing: what it wrote may be lost', async () => {
    const { samples } = await measure([cell('a', { script: { condition: () => ({ failure: full }) } })])
    expect(samples).toMatchObject([{ state: 'failed', reason: 'the pool is full' }])
  })
})

describe('a trial that fails', () => {
  const failing = (when: 'run' | 'verify') =>
    scenario({
      async run(trial) {
        await trial.container().prepare()
        await trial.container().mount()
        if (when === 'run') throw new Error('the work failed')
      },
      async verify() {
        throw new Error('the witness contradicts')
      },
    })

  test.each([
    ['run', 'the work failed'],
    ['verify', 'the witness contradicts'],
  ] as const)('in %s is a failed sample, and its container goes', async (when, reason) => {
    const { samples, outcomes } = await measure([cell('a', { scenario: failing(when) })])
    expect(samples).toMatchObject([{ state: 'failed', reason }])
    expect(log.slice(-3)).toEqual(['unmount 0', 'remove container-0.0.0', 'append'])
    expect(log).not.toContain('detach 0')
    expect(outcomes['a']).toMatchObject({ state: 'failed', code: 'trial.failed', reason })
  })

  test('since its store does not come to rest before is a sample of its cell, and the others go on', async () => {
    const failure = new BenchError('the daemon has ended', {
      code: 'driver.no-daemon',
      exitCode: ExitCode.cellFailed,
    })
    const script = { before: fail('settle', 'no answer'), condition: () => ({ failure }) }
    const { samples, outcomes } = await measure([cell('dead', { script }), cell('other')], { rounds: 3 })
    const ofDead = samples.filter((one) => one.cell === 'dead')
    expect(ofDead).toMatchObject([
      { state: 'failed', reason: 'the daemon has ended: no answer', phases: {} },
      { state: 'failed' },
    ])
    expect(samples.filter((one) => one.cell === 'other').map(({ state }) => state)).toEqual([
      'completed',
      'completed',
      'completed',
    ])
    expect(outcomes).toMatchObject({
      dead: { state: 'failed', code: 'driver.no-daemon' },
      other: { state: 'completed' },
    })
  })

  test('before it had a container has none to remove', async () => {
    const script = { before: fail('prepare container-0.0.0 image', 'no space') }
    const { samples } = await measure([cell('a', { script })])
    expect(samples).toMatchObject([{ state: 'failed', reason: 'no space' }])
    expect(log).not.toContain('remove container-0.0.0')
    expect(log).not.toContain('detach 0')
  })

  test('while it mounts removes what it prepared, and unmounts nothing', async () => {
    const host = createLoggingHost(log, { before: fail('mount 0', 'EINVAL') })
    const { samples } = await measure([cell('a')], { host })
    expect(samples).toMatchObject([{ state: 'failed', reason: 'EINVAL' }])
    expect(log.slice(-2)).toEqual(['remove container-0.0.0', 'append'])
  })

  test('when it is taken apart is tried once more by force', async () => {
    const host = createLoggingHost(log, { before: fail('unmount 0', 'EBUSY') })
    const { samples } = await measure([cell('a')], { host })
    expect(samples).toMatchObject([{ state: 'failed', reason: 'EBUSY', warnings: [] }])
    expect(log.slice(-3)).toEqual(['detach 0', 'remove container-0.0.0', 'append'])
  })

  test('and cannot be taken apart says so on the sample', async () => {
    const script = { before: fail('remove container-0.0.0', 'driver.busy') }
    const { samples } = await measure([cell('a', { scenario: failing('run'), script })])
    expect(samples[0]).toMatchObject({
      reason: 'the work failed',
      warnings: [{ code: 'trial.not-removed', message: 'driver.busy' }],
    })
  })

  test('twice is given up; the others go on', async () => {
    const bad = cell('bad', { scenario: failing('run') })
    const { samples, outcomes, reason } = await measure([bad, cell('good')], { rounds: 5 })
    const of = (id: string) => samples.filter((sample) => sample.cell === id)
    expect(of('bad').map((sample) => sample.round)).toEqual([0, 1])
    expect(of('good').map((sample) => sample.state)).toEqual(Array(5).fill('completed'))
    expect(outcomes['bad']?.state).toBe('failed')
    expect(outcomes['good']).toEqual({ state: 'completed' })
    expect(reason).toBe('rounds')
  })

  test('because the driver has not what the work needs leaves no sample: its cell is unsupported, the others go on', async () => {
    const refused = scenario({
      async run(trial) {
        await trial.container().prepare()
        const options = { code: 'tree.refused', hint: 'no xattrs', exitCode: ExitCode.nothingRuns }
        throw new BenchError('ENOTSUP', options)
      },
    })
    const cells = [cell('refused', { scenario: refused }), cell('good')]
    const { samples, outcomes, reason } = await measure(cells, { rounds: 3 })
    expect(samples.map((sample) => sample.cell)).toEqual(['good', 'good', 'good'])
    expect(outcomes).toEqual({
      refused: { state: 'unsupported', code: 'tree.refused', reason: 'ENOTSUP', hint: 'no xattrs' },
      good: { state: 'completed' },
    })
    expect(log.filter((line) => line.startsWith('remove container'))).toHaveLength(4)
    expect(reason).toBe('rounds')
  })

  test('once is measured on, and stays a failure of its cell', async () => {
    let calls = 0
    const once = scenario({
      async run() {
        calls += 1
        if (calls === 2) throw new Error('once')
      },
    })
    const { samples, outcomes } = await measure([cell('a', { scenario: once })], { rounds: 4 })
    expect(samples.map((sample) => sample.state)).toEqual(['completed', 'failed', 'completed', 'completed'])
    expect(outcomes['a']).toMatchObject({ state: 'failed', reason: 'once' })
  })
})

describe('rounds', () => {
  test('visit every cell in the order that each is given; the position is kept', async () => {
    const order = (cells: readonly ReadyCell[], round: number) =>
      round === 0 ? [...cells] : cells.toReversed()
    const { samples, trials } = await measure([cell('a'), cell('b'), cell('c')], { rounds: 2, order })
    expect(samples.map(({ cell: id, round, position }) => [id, round, position])).toEqual([
      ['a', 0, 0],
      ['b', 0, 1],
      ['c', 0, 2],
      ['c', 1, 0],
      ['b', 1, 1],
      ['a', 1, 2],
    ])
    expect(trials).toEqual(['a 0 0/?', 'b 0 1/?', 'c 0 2/?', 'c 1 3/6', 'b 1 4/6', 'a 1 5/6'])
  })

  test('each sample is kept before the next trial begins', async () => {
    await measure([cell('a'), cell('b')], { rounds: 2 })
    const events = log.filter((line) => /^(trial|append)/.test(line))
    expect(events).toEqual([
      'trial a',
      'append',
      'trial b',
      'append',
      'trial a',
      'append',
      'trial b',
      'append',
    ])
  })

  test('no further one begins after the deadline, but the first is measured whole', async () => {
    const { samples, outcomes, reason } = await measure([cell('a'), cell('b')], {
      rounds: 9,
      deadline: monotonicSeconds() - 1,
    })
    expect(samples.map((sample) => sample.round)).toEqual([0, 0])
    expect(Object.values(outcomes)).toEqual([{ state: 'completed' }, { state: 'completed' }])
    expect(reason).toBe('budget')
  })

  test('stop between two trials when asked to, and call nothing completed', async () => {
    let stopping = false
    const { samples, outcomes, reason } = await measure([cell('a'), cell('b')], {
      rounds: 9,
      stopping: () => stopping,
      onTrial: async (one, { round }) => {
        stopping = one.id === 'b' && round === 1
      },
    })
    // The trial that was under way when it was asked is measured to its end.
    expect(samples.map(({ cell: id, round }) => `${id}${round}`)).toEqual(['a0', 'b0', 'a1', 'b1'])
    expect(outcomes).toEqual({})
    expect(reason).toBe('asked')
  })

  test('hear a message that arrives while everything is synchronous', async () => {
    let stopping = false
    setTimeout(() => (stopping = true), 20)
    const { reason } = await measure([cell('a')], { rounds: 1_000_000, stopping: () => stopping })
    expect(reason).toBe('asked')
  })
})

describe('the cache', () => {
  /** Returns the outcome of a trial that sets the cache, for this answer of mincore(2). */
  async function setting(residentPages: Syscalls['residentPages']): Promise<Sample | undefined> {
    const host = createLoggingHost(log)
    const run = async (trial: Trial) => {
      const container = trial.container()
      writeFileSync(join(container.root, 'file'), 'x')
      await trial.cache.set(container, ['file', 'file'])
    }
    const { samples } = await measure([cell('a', { scenario: scenario({ run }) })], {
      host: { ...host, syscalls: { ...host.syscalls, residentPages } },
    })
    return samples[0]
  }

  test('that is seen not to be in the stated state fails the sample', async () => {
    const sample = await setting(() => ({ resident: 50, total: 100 }))
    expect(sample).toMatchObject({ state: 'failed', warnings: [] })
    expect(sample?.reason).toMatch(/cache should be warm: 2 of 2 files were not: .* has 50 % of its pages/)
  })

  test('that cannot be looked at is a warning on the sample', async () => {
    const sample = await setting(() => {
      throw new SyscallError('mmap', 19, 'ENODEV', '')
    })
    expect(sample?.state).toBe('completed')
    expect(sample?.warnings).toEqual([
      { code: 'cache.not-verified', message: expect.stringContaining('2 of 2 files were not looked at') },
    ])
  })

  test('cold is verified by what the work read, and a device that read nothing fails the sample', async () => {
    const verify = async (trial: Trial) => {
      await trial.cache.requireColdRead([])
      return NO_WITNESS
    }
    const warm = cell('a', { scenario: scenario({ verify }) })
    const cold = { ...warm, cell: { ...warm.cell, cache: 'cold' as const } }
    expect((await measure([warm])).samples[0]?.state).toBe('completed')
    expect((await measure([cold])).samples[0]).toMatchObject({
      state: 'failed',
      reason: 'the cache should be cold: the work made the device read 0 bytes',
    })
  })

  test('of a whole image is warmed through another container of it', async () => {
    const run = async (trial: Trial) => trial.cache.set(trial.container(), null)
    await measure([cell('a', { scenario: scenario({ run }) })])
    const begin = log.indexOf('view view image')
    expect(log.slice(begin - 1, begin + 4)).toEqual([
      'settle',
      'view view image',
      'mount view',
      'unmount view',
      'remove view',
    ])
  })
})

/** Reads that add up, so that what a trial took can be told. */
function openCountedResources(): ResourceReader & Disposable {
  const resources = openResources(createLoggingHost([]).syscalls, null)
  let kernel = 0
  return {
    ...resources,
    kernelSeconds: () => (kernel += 1),
    [Symbol.dispose]: () => resources.close(),
  }
}

function fail(call: string, message: string): (seen: string) => void {
  return (seen) => {
    if (seen === call) throw new Error(message)
  }
}

describe('a run that is resumed', () => {
  const CELLS = ['a', 'b', 'c']
  const order = (all: readonly ReadyCell[], round: number) => (round % 2 === 0 ? [...all] : all.toReversed())
  const keyOf = ({ cell: id, round, position }: Sample) => `${id} ${round} ${position}`

  /** Measures three rounds, and then those of them that `keep` does not keep. */
  async function resumed(
    keep: (samples: readonly Sample[]) => Sample[],
    changes: Partial<RoundsInputs> = {},
  ) {
    const cells = CELLS.map((id) => cell(id))
    const whole = await measure(cells, { rounds: 3, order })
    const earlier = earlierSamples(keep(whole.samples))
    return { whole, rest: await measure(cells, { rounds: 3, order, earlier, ...changes }) }
  }

  test.each([0, 1, 4, 6, 8, 9])('after %i samples measures the others, in the same order', async (kept) => {
    const { whole, rest } = await resumed((all) => all.slice(0, kept))
    expect(rest.samples.map(keyOf)).toEqual(whole.samples.slice(kept).map(keyOf))
    expect({ reason: rest.reason, outcomes: rest.outcomes }).toEqual({
      reason: whole.reason,
      outcomes: whole.outcomes,
    })
  })

  test('measures a sample that was lost in the middle', async () => {
    const { whole, rest } = await resumed((all) => all.toSpliced(4, 1))
    expect(rest.samples.map(keyOf)).toEqual(whole.samples.slice(4, 5).map(keyOf))
  })

  test('gives up a cell that had failed twice, and keeps how it ended', async () => {
    const { rest } = await resumed((all) =>
      all
        .filter(({ round }) => round < 2)
        .map((one) => (one.cell === 'a' ? { ...one, state: 'failed' as const } : one)),
    )
    expect(new Set(rest.samples.map((one) => one.cell))).toEqual(new Set(['b', 'c']))
    expect(rest.outcomes).toEqual({ b: { state: 'completed' }, c: { state: 'completed' } })
  })

  test('ends the round that had begun, and begins none beyond the budget', async () => {
    const { rest } = await resumed((all) => all.slice(0, 4), { deadline: monotonicSeconds() - 1 })
    expect(rest.samples.map(({ round }) => round)).toEqual([1, 1])
    expect(rest.reason).toBe('budget')
  })
})
