/** A fixture for tests: one configuration, one scenario, on a small scratch in a folder that goes with the test. */
import { mkdtempSync, rmSync } from 'node:fs'
import { drivers } from '../../../../drivers/index.ts'
import { scenarios } from '../../../../scenarios/index.ts'
import type { Driver } from '../../../contracts/driver.ts'
import { BenchError } from '../../../contracts/error.ts'
import type { Witness } from '../../../contracts/witness.ts'
import type { RunningTrial } from '../../../runner/trial.ts'
import { openFixture, type Fixture } from '../fixture.ts'

/** xfs refuses less than 300 MiB. */
const SCRATCH_SIZE = '640M'

export interface Cell {
  configuration: string
  scenario: string
  set: Readonly<Record<string, string>>
  cache?: 'cold' | 'warm'
  scratchSize?: string
  /** In the place of the registered one. */
  driver?: Driver
}

export async function openSmallFixture(cell: Cell): Promise<Fixture> {
  const home = mkdtempSync('/var/tmp/bench-test-')
  const before = process.env['XDG_STATE_HOME']
  process.env['XDG_STATE_HOME'] = home
  try {
    const fixture = await openFixture(
      {
        driver: [cell.configuration],
        scenario: [cell.scenario],
        set: Object.fromEntries(Object.entries(cell.set).map(([name, value]) => [name, [value]])),
        cache: cell.cache ?? 'warm',
        'scratch-size': cell.scratchSize ?? SCRATCH_SIZE,
      },
      { drivers: withReplaced(cell.driver), scenarios },
    )
    return {
      ...fixture,
      async [Symbol.asyncDispose]() {
        await fixture[Symbol.asyncDispose]()
        rmSync(home, { recursive: true })
      },
    }
  } catch (error) {
    rmSync(home, { recursive: true })
    throw error
  } finally {
    if (before === undefined) delete process.env['XDG_STATE_HOME']
    else process.env['XDG_STATE_HOME'] = before
  }
}

function withReplaced(driver: Driver | undefined): readonly Driver[] {
  return drivers.map((each) => (each.meta.id === driver?.meta.id ? driver : each))
}

/** Outcome of a sample: its witness, or the code of the error that it failed with. */
export type Outcome = { witness: Witness; code: null; trial: RunningTrial } | { witness: null; code: string }

/** Takes a sample as the runner does in this round. What is no BenchError is thrown on. */
export async function sample(fixture: Fixture, round = 0): Promise<Outcome> {
  const { scenario } = fixture.cell
  await fixture.store.snapshotter.settle()
  const trial = await fixture.trial({ round })
  try {
    const observed = await scenario.run(trial)
    await trial.quiesce()
    const witness = await scenario.verify(trial, observed)
    await trial.tearDown()
    return { witness, code: null, trial }
  } catch (error) {
    await trial.abandon()
    if (!(error instanceof BenchError)) throw error
    return { witness: null, code: error.code }
  }
}
