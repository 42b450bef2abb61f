/** One store with one image, on which the harness and a reference do the same in turn. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keepsWholeTrees } from '../contracts/driver.ts'
import { BenchError, ExitCode } from '../contracts/error.ts'
import type { Host } from '../contracts/host.ts'
import { createHost } from '../host/index.ts'
import { openDeviceCounters } from '../measurement/counters.ts'
import { openResources } from '../measurement/resources.ts'
import type { PlannedCell } from '../plan/cells.ts'
import { makePlan, stateDirectory, type Registry } from '../plan/plan.ts'
import type { Request } from '../plan/request.ts'
import { openScratch } from '../runner/scratch.ts'
import { buildImage, openStore, type BuiltImage, type OpenStore } from '../runner/stores.ts'
import { readTotals, type Gauges } from '../runner/totals.ts'
import { startStopwatch } from '../runner/stopwatch.ts'
import { startTrial, type RunningTrial } from '../runner/trial.ts'

export interface Laboratory extends AsyncDisposable {
  host: Host
  cell: PlannedCell
  store: OpenStore
  image: BuiltImage
  /** A fresh trial of the cell. */
  trial(injected?: number): Promise<RunningTrial>
}

/** Opens the store of the plan's last cell, which is the one that was asked for: controls come first. */
export async function openLaboratory(request: Request, registry: Registry): Promise<Laboratory> {
  const plan = makePlan({ ...request, scratch: join(stateDirectory(), 'reference') }, registry)
  const cell = plan.cells.at(-1)
  if (cell === undefined) throw new BenchError('the reference has no cell', { code: 'reference.plan' })
  const { driver, config } = cell.configuration
  const host = createHost({ record: () => undefined, settle: () => undefined })
  const support = await driver.probe(host, config)
  if (!support.ok) {
    throw new BenchError(support.reason, {
      code: support.code,
      hint: support.hint,
      exitCode: ExitCode.nothingRuns,
    })
  }
  const directory = mkdtempSync(join(tmpdir(), 'bench-reference-'))
  const scratch = await openScratch(
    host,
    plan.options.scratch,
    `reference-${process.pid}`,
    [cell.driver],
    null,
  )
  const slot = scratch.slots[cell.driver]
  if (slot === undefined) throw new BenchError('the reference has no scratch', { code: 'reference.scratch' })
  const { size } = plan.options.scratch
  const store = await openStore(host, driver, config, { slot, size, directory, label: 'bench-reference' })
  const image = await buildImage(
    host,
    store,
    cell.paramSet.scenario.image(cell.paramSet.params, plan.options.seed),
    keepsWholeTrees(driver.meta),
  )
  const gauges = {
    counters: openDeviceCounters(store.snapshotter.store.devices),
    resources: openResources(host.syscalls, null),
  }
  return {
    host,
    cell,
    store,
    image,
    trial: (injected = 0) =>
      freshTrial({ host, cell, store, image, gauges, directory, seed: plan.options.seed, injected }),
    async [Symbol.asyncDispose]() {
      gauges.counters.close()
      gauges.resources.close()
      await store.close()
      await scratch.release()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

interface TrialPlace extends Pick<Laboratory, 'host' | 'cell' | 'store' | 'image'> {
  gauges: Gauges
  directory: string
  seed: number
  /** Share by which each phase is made longer on purpose. */
  injected: number
}

async function freshTrial({ host, cell, store, image, ...place }: TrialPlace): Promise<RunningTrial> {
  const directory = join(place.directory, 't')
  mkdirSync(directory, { recursive: true })
  return startTrial({
    name: 'reference',
    host,
    store,
    image,
    params: cell.paramSet.params,
    seed: place.seed,
    cache: cell.cache,
    cowUnit: cell.configuration.driver.meta.cowUnit,
    untimed: new Set(),
    injected: place.injected,
    gauges: place.gauges,
    stopwatch: startStopwatch(),
    baseline: await readTotals(store.snapshotter, place.gauges),
    directory,
  })
}
