import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Driver } from '../contracts/driver.ts'
import { BenchError, ExitCode } from '../contracts/error.ts'
import type { Outcome } from '../contracts/cell.ts'
import type { Image } from '../contracts/image.ts'
import type { ResolvedCell } from '../contracts/plan.ts'
import type { Sample } from '../contracts/sample.ts'
import type { Scenario } from '../contracts/scenario.ts'
import { fakeResolvedCell } from '../testing/cell.ts'
import { fakeDriver, plain, solo, stacker } from '../testing/fake-drivers.ts'
import { NO_WITNESS, writeScenario } from '../testing/fake-scenarios.ts'
import {
  createFakeSnapshotter,
  createLoggingHost,
  plainConfig,
  type FakeStoreScript,
} from '../testing/fake-store.ts'
import { smallRun } from '../testing/small-run.ts'
import { measure } from './measure.ts'
import type { MeasureInputs } from './measure-inputs.ts'
import type { FromChild } from './messages.ts'

let folder: string
let log: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-test-measure-'))
  log = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const working: Scenario = {
  ...(writeScenario as unknown as Scenario),
  async run(trial) {
    await trial.container().prepare()
    await trial.container().mount()
  },
  verify: async () => NO_WITNESS,
}

/** One of the fake drivers, opening a store that logs. */
function opening(base: unknown, script: FakeStoreScript = {}, methods: Partial<Driver> = {}): Driver {
  const { meta } = base as Driver
  return fakeDriver(meta, { open: async () => createFakeSnapshotter(log, script), ...methods })
}

function cells(driver: Driver, control: Driver | null = null, images = ['image']): ResolvedCell[] {
  const config = plainConfig(driver)
  return images.map((image) => {
    const scenario: Scenario = {
      ...working,
      image: () => ({ id: image, layers: [{ bytes: 1, fill: async () => [] }] }),
    }
    return fakeResolvedCell(driver, scenario, {
      id: `${config.text} ${image}`,
      control: control === null ? null : `${plainConfig(control).text} ${image}`,
    })
  })
}

interface Measured {
  messages: FromChild[]
  samples: Sample[]
  outcomes: Record<string, Outcome>
}

async function run(
  list: readonly ResolvedCell[],
  changes: Partial<MeasureInputs> = {},
  requested?: readonly string[],
): Promise<Measured> {
  const result: Measured = { messages: [], samples: [], outcomes: {} }
  const configurations = [...new Set(list.map(({ config }) => config.text))]
  const host = createLoggingHost(log)
  const inputs: MeasureInputs = {
    runId: 'r1',
    directory: join(folder, 'run'),
    options: {
      ...smallRun().options,
      configurations,
      requested: [...(requested ?? configurations.filter((text) => !text.startsWith('plain')))],
      rounds: 2,
      maxRounds: 2,
      scratch: { kind: 'loop', path: '/x', size: 2 * 1024 ** 3 },
    },
    cells: list,
    spaceNeeded: {},
    host: {
      ...host,
      journal: {
        record: (entry) => log.push(`record ${entry.kind}`),
        forget: (entry) => log.push(`forget ${entry.kind}`),
      },
    },
    async makeScratch(texts) {
      log.push(`scratch for ${texts.join(', ')}`)
      return {
        slots: Object.fromEntries(texts.map((text) => [text, { kind: 'device', path: `/dev/${text}` }])),
        release: async () => void log.push('release'),
      }
    },
    order: (ready) => [...ready],
    earlier: null,
    spentSeconds: 0,
    append: (sample) => void result.samples.push(sample),
    send(message) {
      result.messages.push(message)
      if (message.type === 'outcome')
        for (const cell of message.cells) result.outcomes[cell] = message.outcome
    },
    announce: async (message) => void result.messages.push(message),
    stopping: () => false,
    ...changes,
  }
  await measure(inputs)
  return result
}

const rest = () => log.filter((line) => /^(record|scratch|close|release|forget directory)/.test(line))

describe('a run', () => {
  test('probes, then makes scratch, stores and images, measures, and takes all away again', async () => {
    const { outcomes, samples, messages } = await run(cells(opening(stacker)))
    expect(outcomes).toEqual({ 'stacker@ext4 image': { state: 'completed' } })
    expect(samples).toHaveLength(2)
    expect(rest()).toEqual([
      'record directory',
      'scratch for stacker@ext4',
      'close',
      'release',
      'forget directory',
    ])
    expect(messages.map(({ type }) => type)).toEqual([
      'preparing',
      'preparing',
      'preparing',
      'image',
      'trial',
      'trial',
      'outcome',
      'stopped',
    ])
    expect(existsSync(join(folder, 'run'))).toBe(false)
  })

  test('builds an image that cells share once', async () => {
    const [resolved] = cells(opening(stacker)) as [ResolvedCell]
    const { cell } = resolved
    await run([resolved, { ...resolved, cell: { ...cell, id: `${cell.id} again` } }])
    expect(log.filter((line) => line.startsWith('commit'))).toEqual(['commit image-0 image-building-0'])
  })

  test('fills the layers that images lie on once, however many lie on them', async () => {
    const filled: string[] = []
    const layer = (name: string) => ({ bytes: 1, fill: async () => (filled.push(name), []) })
    const on: Image = { id: 'own', layers: [layer('own 0'), layer('own 1')] }
    const list = cells(opening(stacker), null, ['one', 'two']).map((resolved) => {
      const { id } = resolved.image
      return { ...resolved, image: { id, layers: [layer(id)], on } }
    })
    const { messages, outcomes } = await run(list)
    expect(Object.values(outcomes)).toEqual([{ state: 'completed' }, { state: 'completed' }])
    expect(filled).toEqual(['own 0', 'own 1', 'one', 'two'])
    expect(log).toContain('prepare one-building-0 own-1')
    expect(log).toContain('prepare two-building-0 own-1')
    expect(messages).toContainEqual(
      expect.objectContaining({ type: 'image', id: 'two', info: expect.objectContaining({ layers: 3 }) }),
    )
  })

  test('where a shared lower image fails, it fails once, and each image on it says so', async () => {
    const on: Image = {
      id: 'own',
      layers: [{ bytes: 1, fill: () => Promise.reject(new Error('no room')) }],
    }
    const list = cells(opening(stacker), null, ['one', 'two']).map((resolved) => ({
      ...resolved,
      image: { ...resolved.image, on },
    }))
    const { outcomes } = await run(list)
    expect(Object.values(outcomes)).toMatchObject([{ reason: 'no room' }, { reason: 'no room' }])
    expect(log.filter((line) => line.startsWith('prepare'))).toEqual(['prepare own-building-0 '])
  })
})

describe('a configuration', () => {
  const unsupported = {
    probe: async () => ({ ok: false, code: 'kernel.no-x', reason: 'no x', hint: 'get x' }) as const,
  }

  test('that cannot run here is an outcome with reason and hint; the others are measured', async () => {
    const { outcomes } = await run([...cells(opening(solo, {}, unsupported)), ...cells(opening(stacker))])
    expect(outcomes).toEqual({
      'solo@btrfs image': { state: 'unsupported', code: 'kernel.no-x', reason: 'no x', hint: 'get x' },
      'stacker@ext4 image': { state: 'completed' },
    })
    expect(log).toContain('scratch for stacker@ext4')
  })

  test('whose probe throws does not end the others', async () => {
    const broken = { probe: () => Promise.reject(new Error('the probe broke')) }
    const { outcomes } = await run([...cells(opening(solo, {}, broken)), ...cells(opening(stacker))])
    expect(outcomes['solo@btrfs image']).toMatchObject({ state: 'failed', reason: 'the probe broke' })
    expect(outcomes['stacker@ext4 image']).toEqual({ state: 'completed' })
  })

  test('that needs more scratch than there is is not tried, and told how much', async () => {
    const { outcomes } = await run(cells(opening(stacker)), {
      spaceNeeded: { 'stacker@ext4': 2.5 * 1024 ** 3 },
    })
    expect(outcomes['stacker@ext4 image']).toMatchObject({
      state: 'unsupported',
      code: 'scratch.too-small',
      hint: expect.stringContaining('--scratch-size 3G'),
    })
    expect(log).toEqual(['record directory', 'forget directory'])
  })

  test('whose store does not open is a failure of its own', async () => {
    const broken = { open: () => Promise.reject(new Error('mkfs failed')) }
    const { outcomes } = await run([...cells(opening(solo, {}, broken)), ...cells(opening(stacker))])
    expect(outcomes['solo@btrfs image']).toMatchObject({ state: 'failed', reason: 'mkfs failed' })
    expect(outcomes['stacker@ext4 image']).toEqual({ state: 'completed' })
  })

  test('whose store turns out to be impossible here is unsupported', async () => {
    const error = new BenchError('no such feature', {
      code: 'kernel.no-feature',
      hint: 'a newer kernel',
      exitCode: ExitCode.nothingRuns,
    })
    const { outcomes } = await run(cells(opening(solo, {}, { open: () => Promise.reject(error) })))
    expect(outcomes['solo@btrfs image']).toEqual({
      state: 'unsupported',
      code: 'kernel.no-feature',
      reason: 'no such feature',
      hint: 'a newer kernel',
    })
  })

  test('of which one image fails is measured on the others', async () => {
    const script: FakeStoreScript = {
      before(call) {
        if (call.startsWith('commit bad')) throw new Error('no space left')
      },
    }
    const { outcomes } = await run(cells(opening(stacker, script), null, ['bad', 'good']))
    expect(outcomes['stacker@ext4 bad']).toMatchObject({ state: 'failed', reason: 'no space left' })
    expect(outcomes['stacker@ext4 good']).toEqual({ state: 'completed' })
  })
})

describe('a control', () => {
  test('that nothing is left to compare with is not measured', async () => {
    const control = opening(plain)
    const unsupported = {
      probe: async () => ({ ok: false, code: 'x', reason: 'x', hint: 'x' }) as const,
    }
    const { outcomes } = await run([...cells(control), ...cells(opening(stacker, {}, unsupported), control)])
    expect(outcomes['plain@ext4 image']).toMatchObject({ state: 'unsupported', code: 'control.idle' })
    expect(rest()).toEqual(['record directory', 'forget directory'])
  })

  test('and what does the same without an engine are measured beside what is compared with them', async () => {
    const [plainDriver, stackerDriver] = [opening(plain), opening(stacker)]
    const through = cells(opening(solo), plainDriver).map((one) => ({
      ...one,
      cell: { ...one.cell, withoutEngine: 'stacker@ext4 image' },
    }))
    const list = [...cells(plainDriver), ...cells(stackerDriver, plainDriver), ...through]
    const { outcomes } = await run(list, {}, ['solo@btrfs'])
    expect(Object.values(outcomes)).toEqual(list.map(() => ({ state: 'completed' })))
  })

  test('is measured beside what it is the control of', async () => {
    const control = opening(plain)
    const { outcomes } = await run([...cells(control), ...cells(opening(stacker), control)])
    expect(Object.values(outcomes)).toEqual([{ state: 'completed' }, { state: 'completed' }])
  })
})

/** Returns where a link leads to; nothing of one that is gone. */
function targetOf(link: string): string {
  try {
    return readlinkSync(link)
  } catch {
    return ''
  }
}

describe('stores', () => {
  /** Returns the most stores that were being opened at a time. */
  async function mostAtOnce(changes: Partial<MeasureInputs> = {}): Promise<number> {
    let opened = 0
    let most = 0
    const open = async () => {
      opened += 1
      most = Math.max(most, opened)
      await new Promise((next) => setImmediate(next))
      opened -= 1
      return createFakeSnapshotter(log)
    }
    const control = opening(plain, {}, { open })
    const others = [...cells(opening(stacker, {}, { open }), control), ...cells(opening(solo, {}, { open }))]
    await run([...cells(control), ...others], changes)
    return most
  }

  test('are built two at a time, and in turn where flushes are delayed', async () => {
    expect(await mostAtOnce()).toBe(2)
    const injected = { 'solo@btrfs': { flush: 0.02, measured: null } }
    expect(await mostAtOnce({ options: { ...smallRun().options, injected } })).toBe(1)
  })

  test('are written back through no descriptor of a mount that is about to end: another store may start programs', async () => {
    const open = () => readdirSync('/proc/self/fd').map((fd) => targetOf(`/proc/self/fd/${fd}`))
    const held: string[] = []
    const host = createLoggingHost(log)
    const syscalls = {
      ...host.syscalls,
      syncfsAside: async () => void held.push(...open().filter((path) => path.endsWith('/build'))),
    }
    await run(cells(opening(stacker)), { host: { ...host, syscalls } })
    expect(held).toEqual([])
  })

  test('are all at rest before the first trial', async () => {
    await run([...cells(opening(solo)), ...cells(opening(stacker))])
    const first = log.findIndex((line) => line.startsWith('prepare container'))
    expect(log.slice(0, first).filter((line) => line === 'settle').length).toBeGreaterThanOrEqual(2 + 1)
  })
})

describe('the way back', () => {
  test('a store that does not close leaves the rest to the journal: nothing below a mount is deleted', async () => {
    const script: FakeStoreScript = {
      before(call) {
        if (call === 'close') throw new Error('EBUSY')
      },
    }
    const { messages } = await run([...cells(opening(solo, script)), ...cells(opening(stacker))])
    expect(messages.at(-1)).toEqual({
      type: 'warning',
      warning: { code: 'store.not-closed', message: 'solo@btrfs: EBUSY' },
    })
    expect(log.filter((line) => line === 'close')).toHaveLength(2)
    expect(log).not.toContain('release')
    expect(existsSync(join(folder, 'run'))).toBe(true)
  })

  test('when it is stopped while it prepares, what is open is closed', async () => {
    let stopping = false
    const { samples } = await run([...cells(opening(solo)), ...cells(opening(stacker))], {
      stopping: () => stopping,
      send: (message) => (stopping ||= message.type === 'image'),
    })
    expect(samples).toEqual([])
    expect(rest().slice(-3)).toEqual(['close', 'release', 'forget directory'])
  })

  test('without scratch nothing is opened, and the error is reported', async () => {
    const makeScratch = () => Promise.reject(new Error('no space'))
    await expect(run(cells(opening(stacker)), { makeScratch })).rejects.toThrow('no space')
    expect(rest()).toEqual(['record directory'])
  })
})
