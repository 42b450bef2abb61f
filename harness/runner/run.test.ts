import { describe, expect, test } from 'vitest'
import type { Outcome } from '../contracts/cell.ts'
import type { Driver } from '../contracts/driver.ts'
import { toData } from '../contracts/error-data.ts'
import { usageError } from '../contracts/error.ts'
import type { Plan } from '../contracts/plan.ts'
import { runSchema, type Run } from '../contracts/run.ts'
import { fakeCell } from '../testing/cell.ts'
import { fakeDrivers, plain, solo, stacker } from '../testing/fake-drivers.ts'
import { fakeScenarios } from '../testing/fake-scenarios.ts'
import { smallPlan, smallRun } from '../testing/small-run.ts'
import { exitCodeOf, finishRun, startRun, type RunResult } from './run.ts'

const registry = { drivers: fakeDrivers, scenarios: fakeScenarios }
const cells = ([plain, stacker, solo] as readonly unknown[] as readonly Driver[]).flatMap((driver) =>
  ['read', 'write'].map((scenario) => fakeCell(driver, { id: `${driver.meta.id} ${scenario}`, scenario })),
)
const requested = ['stacker@ext4', 'solo@btrfs']
const plan: Plan = {
  ...smallPlan(),
  options: { ...smallPlan().options, requested, scenarios: ['read', 'write'] },
  cells,
}
const begun = () => startRun(plan, registry, smallRun().host, 'bench run')

const UNSUPPORTED: Outcome = { state: 'unsupported', code: 'x', reason: 'x', hint: '' }
const FAILED: Outcome = { state: 'failed', code: 'x', reason: 'x', hint: '' }
const COMPLETED: Outcome = { state: 'completed' }

describe('the record of a run', () => {
  test('begins with all cells pending, and describes what they name', () => {
    const run = begun()
    expect(runSchema.parse(run)).toEqual(run)
    expect(run).toMatchObject({ state: 'running', endedAt: null, cells: plan.cells })
    expect(run.drivers.map(({ configuration, id }) => [configuration, id])).toEqual([
      ['plain@ext4', 'plain'],
      ['stacker@ext4', 'stacker'],
      ['solo@btrfs', 'solo'],
    ])
    // In the order of the registry, so that reports of runs read alike.
    expect(run.scenarios.map(({ id }) => id)).toEqual(['write', 'read'])
    expect(new Set(Object.values(run.outcomes).map(({ state }) => state))).toEqual(new Set(['pending']))
  })

  test.each([
    ['completed', true, null],
    ['interrupted', false, null],
    ['failed', false, toData(new Error('x'))],
  ] as const)('ends as %s; cells that were not done are aborted', (state, finished, error) => {
    const run = begun()
    const [first = ''] = Object.keys(run.outcomes)
    run.outcomes[first] = COMPLETED
    finishRun(run, { finished, error })
    expect(run.state).toBe(state)
    expect(run.endedAt).not.toBeNull()
    const { [first]: done, ...others } = run.outcomes
    expect(done).toEqual(COMPLETED)
    expect(new Set(Object.values(others).map((outcome) => outcome.state))).toEqual(new Set(['aborted']))
  })
})

describe('the exit code', () => {
  /** Returns a run whose cells end so, by configuration. */
  function ended(outcomes: Record<string, Outcome>): Run {
    const run = begun()
    for (const { id, configuration } of run.cells) run.outcomes[id] = outcomes[configuration] ?? COMPLETED
    return run
  }
  const codeOf = (outcomes: Record<string, Outcome>, changes: Partial<RunResult> = {}) =>
    exitCodeOf({ run: ended(outcomes), error: null, signal: null, notCleaned: [], ...changes })

  test('is 0 where all that can run here was measured', () => {
    expect(codeOf({})).toBe(0)
    expect(codeOf({ 'solo@btrfs': UNSUPPORTED })).toBe(0)
  })

  test('is 3 where nothing that was asked for can run here, whatever the controls do', () => {
    expect(codeOf({ 'solo@btrfs': UNSUPPORTED, 'stacker@ext4': UNSUPPORTED })).toBe(3)
  })

  test('is 5 where a cell failed', () => {
    expect(codeOf({ 'solo@btrfs': FAILED })).toBe(5)
    expect(codeOf({ 'plain@ext4': FAILED })).toBe(5)
  })

  test('is that of what ended the run; a signal comes before an error, and an error before leftovers', () => {
    const entry = { kind: 'directory', path: '/x' } as const
    const notCleaned = [{ entry, done: null, error: 'EBUSY' }]
    const error = toData(usageError('x', 'x'))
    expect(codeOf({ 'solo@btrfs': FAILED }, { notCleaned })).toBe(6)
    expect(codeOf({}, { notCleaned, error })).toBe(2)
    expect(codeOf({}, { notCleaned, error, signal: 'SIGINT' })).toBe(130)
  })
})
