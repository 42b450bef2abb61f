/** One store with one image, on which the harness and a reference do the same in turn. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { keepsWholeTrees } from '../../contracts/driver.ts'
import { BenchError, ExitCode } from '../../contracts/error.ts'
import type { Host } from '../../contracts/host.ts'
import type { Plan, Registry, ResolvedCell } from '../../contracts/plan.ts'
import { openDeviceCounters } from '../../measurement/counters.ts'
import { openResources } from '../../measurement/resources.ts'
import { makePlan } from '../../plan/plan.ts'
import type { Request } from '../../plan/request.ts'
import { resolveCells } from '../../plan/resolve-cells.ts'
import { openScratch } from '../../runner/scratch.ts'
import { buildImage, openStore, type BuiltImage, type OpenStore } from '../../runner/stores.ts'
import { readTotals, type Meters } from '../../runner/totals.ts'
import { startStopwatch } from '../../runner/stopwatch.ts'
import { startTrial, type RunningTrial } from '../../runner/trial.ts'
import { openWorkspace, referenceScratch } from './workspace.ts'

export interface TrialOptions {
  /** Share by which each phase is made longer on purpose. */
  injected?: number
  round?: number
}

export interface Fixture extends AsyncDisposable {
  host: Host
  cell: ResolvedCell
  store: OpenStore
  image: BuiltImage
  /** An empty folder for files of the reference. */
  directory: string
  /** A fresh trial of the cell. */
  trial(options?: TrialOptions): Promise<RunningTrial>
}

/** Opens the store of the plan's last cell, which is the one that was asked for: controls come first. */
export async function openFixture(request: Request, registry: Registry): Promise<Fixture> {
  const plan = makePlan({ ...request, scratch: referenceScratch() }, registry)
  const cell = resolveCells(plan, registry).at(-1)
  if (cell === undefined) throw new BenchError('the reference has no cell', { code: 'reference.plan' })
  const opened: (() => Promise<void> | void)[] = []
  const close = async () => {
    for (const undo of opened.splice(0).toReversed()) await undo()
  }
  try {
    return { ...(await open(cell, plan.options, opened)), [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

/** `opened`: gets how to close each of what was opened. */
async function open(
  cell: ResolvedCell,
  { scratch: where, seed }: Plan['options'],
  opened: (() => Promise<void> | void)[],
): Promise<Omit<Fixture, keyof AsyncDisposable>> {
  const { driver, config } = cell
  const workspace = openWorkspace()
  opened.push(() => workspace[Symbol.dispose]())
  const { host } = workspace
  await requireSupport(host, cell)
  const folders = { store: join(workspace.directory, 'd'), files: join(workspace.directory, 'files') }
  for (const folder of Object.values(folders)) mkdirSync(folder)
  const scratch = await openScratch(host, where, workspace.id, [config.text])
  opened.push(() => scratch.release())
  const slot = scratch.slots[config.text]
  if (slot === undefined) throw new BenchError('the reference has no scratch', { code: 'reference.scratch' })
  const store = await openStore(host, driver, config, {
    slot,
    size: where.size,
    directory: folders.store,
    label: `bench-${workspace.id}`,
    flushDelay: null,
  })
  opened.push(() => store.close())
  const image = await buildImage(host, store, cell.image, keepsWholeTrees(driver.meta))
  await store.snapshotter.settle()
  const meters = {
    counters: openDeviceCounters(store.snapshotter.store.devices),
    resources: openResources(host.syscalls, null),
  }
  opened.push(
    () => meters.counters.close(),
    () => meters.resources.close(),
  )
  const directory = join(workspace.directory, 't')
  return {
    host,
    cell,
    store,
    image,
    directory: folders.files,
    trial: (options = {}) => freshTrial({ host, cell, store, image, meters, directory, seed }, options),
  }
}

async function requireSupport(host: Host, { driver, config }: ResolvedCell): Promise<void> {
  const support = await driver.probe(host, config)
  if (support.ok) return
  throw new BenchError(support.reason, {
    code: support.code,
    hint: support.hint,
    exitCode: ExitCode.nothingRuns,
  })
}

interface TrialInputs extends Pick<Fixture, 'host' | 'cell' | 'store' | 'image' | 'directory'> {
  meters: Meters
  seed: number
}

async function freshTrial(
  { cell, ...inputs }: TrialInputs,
  { injected = 0, round = 0 }: TrialOptions,
): Promise<RunningTrial> {
  rmSync(inputs.directory, { recursive: true, force: true })
  mkdirSync(inputs.directory, { recursive: true })
  return startTrial({
    ...inputs,
    name: 'reference',
    round,
    params: cell.params,
    cache: cell.cell.cache,
    cowUnit: cell.driver.meta.cowUnit,
    untimedPhases: new Set(),
    injected,
    stopwatch: startStopwatch(),
    baseline: await readTotals(inputs.store.snapshotter, inputs.meters),
  })
}
