/** One store with one image, on which the harness and a reference do the same in turn. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keepsWholeTrees } from '../contracts/driver.ts'
import { BenchError, ExitCode } from '../contracts/error.ts'
import type { Host } from '../contracts/host.ts'
import { createHost } from '../host/index.ts'
import { openDeviceCounters, type DeviceCounters } from '../measurement/counters.ts'
import type { PlannedCell } from '../plan/cells.ts'
import { makePlan, stateDirectory, type Registry } from '../plan/plan.ts'
import type { Request } from '../plan/request.ts'
import { openScratch } from '../runner/scratch.ts'
import { buildImage, openStore, type BuiltImage, type OpenStore } from '../runner/stores.ts'
import { startTrial, type RunningTrial } from '../runner/trial.ts'

export interface Laboratory extends AsyncDisposable {
  host: Host
  cell: PlannedCell
  store: OpenStore
  image: BuiltImage
  /** A fresh trial of the cell. */
  trial(): Promise<RunningTrial>
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
  const counters = openDeviceCounters(store.snapshotter.store.devices)
  return {
    host,
    cell,
    store,
    image,
    trial: () => freshTrial(host, cell, store, image, counters, directory, plan.options.seed),
    async [Symbol.asyncDispose]() {
      counters.close()
      await store.close()
      await scratch.release()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function freshTrial(
  host: Host,
  cell: PlannedCell,
  store: OpenStore,
  image: BuiltImage,
  counters: DeviceCounters,
  directory: string,
  seed: number,
): Promise<RunningTrial> {
  const own = join(directory, 't')
  mkdirSync(own, { recursive: true })
  return startTrial({
    name: 'reference',
    host,
    store,
    image,
    params: cell.paramSet.params,
    seed,
    cache: cell.cache,
    cowUnit: cell.configuration.driver.meta.cowUnit,
    untimed: new Set(),
    counters,
    baseline: { io: counters.read(), allocated: await store.snapshotter.allocated() },
    directory: own,
  })
}
