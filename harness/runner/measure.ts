/**
 * The measuring process: process 1 of its own process namespace, in its own mount namespace. When it ends,
 * however it ends, the kernel takes its mounts, processes and loop devices with it.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, ExitCode, messageOf } from '../contracts/error.ts'
import { keepsWholeTrees } from '../contracts/driver.ts'
import type { ResolvedCell } from '../contracts/plan.ts'
import { makeRuntimeDirectory, removeRuntimeDirectory } from '../journal/runtime-directory.ts'
import { openResources } from '../measurement/resources.ts'
import { manifestHash } from '../measurement/tree-hash.ts'
import { calibrateScratch } from './calibrate-scratch.ts'
import { measureDelay, type DelayedScratch } from './flush-delay.ts'
import { hostProc } from './host-proc.ts'
import { reportOutcome, type MeasureInputs } from './measure-inputs.ts'
import { storeOutcome } from './outcome.ts'
import type { FromChild } from './messages.ts'
import type { ReadyCell } from './ready-cell.ts'
import { monotonicSeconds, runRounds } from './rounds.ts'
import type { ScratchSlot, ScratchSlots } from './scratch-slot.ts'
import { buildImage, openStore, type BuiltImage, type OpenStore } from './stores.ts'
import { probeAll } from './supported.ts'

export async function measure(inputs: MeasureInputs): Promise<void> {
  const started = monotonicSeconds()
  const { journal } = inputs.host
  makeRuntimeDirectory(journal, inputs.directory, inputs.runId)
  const supported = await probeAll(inputs)
  if (supported.length === 0 || inputs.stopping()) {
    removeRuntimeDirectory(journal, inputs.directory)
    return
  }
  await calibrateFirst(inputs)
  const scratch = await inputs.makeScratch(supported)
  const stores = new Map<string, OpenStore>()
  try {
    const cells = await openCells(inputs, supported, scratch, stores)
    await rounds(inputs, cells, started)
  } finally {
    const closed = await closeAll(stores, inputs.send)
    // With a store still mounted, what lies below it is not to be deleted: the parent undoes it from the journal.
    if (closed) {
      await scratch.release()
      removeRuntimeDirectory(journal, inputs.directory)
    }
  }
}

/** Before anything is made on the scratch. What cannot be calibrated is said, and measured without. */
async function calibrateFirst(inputs: MeasureInputs): Promise<void> {
  const { options, send } = inputs
  if (options.calibration === 'none') return
  const directory = join(inputs.directory, 'calibration')
  mkdirSync(directory)
  try {
    const calibration = await calibrateScratch({
      host: inputs.host,
      extent: options.calibration,
      makeScratch: inputs.makeScratch,
      size: options.scratch.size,
      directory,
      stopping: inputs.stopping,
      onStep: (what) => send({ type: 'calibrating', what }),
    })
    if (calibration !== null) send({ type: 'calibrated', calibration })
  } catch (error) {
    send({ type: 'warning', warning: { code: 'calibration.failed', message: messageOf(error) } })
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function openCells(
  inputs: MeasureInputs,
  supported: readonly string[],
  scratch: ScratchSlots,
  stores: Map<string, OpenStore>,
): Promise<ReadyCell[]> {
  const ready: ReadyCell[] = []
  for (const [index, text] of supported.entries()) {
    if (inputs.stopping()) return []
    const cells = inputs.cells.filter(({ cell }) => cell.configuration === text)
    const step = (what: string) =>
      inputs.send({ type: 'preparing', configuration: text, what, done: index, total: supported.length })
    step('formatting its scratch')
    try {
      const store = await openConfiguration(inputs, cells[0], scratch.slots[text], index)
      stores.set(text, store)
      if (store.delayed !== null) measureFlushDelay(inputs, text, store.delayed)
    } catch (error) {
      reportOutcome(inputs, cells, storeOutcome(error))
      continue
    }
    ready.push(...(await buildImages(inputs, stores.get(text) as OpenStore, cells, step)))
  }
  return ready
}

/** At rest, and before anything is measured by it. */
function measureFlushDelay(inputs: MeasureInputs, configuration: string, delayed: DelayedScratch): void {
  const seconds = measureDelay(delayed)
  if (seconds <= 0) {
    throw new BenchError(`dm-delay did not delay the flushes of ${configuration}`, {
      code: 'inject.not-delayed',
      hint: 'inject a share of the phases instead: --inject CONFIGURATION=5%',
      exitCode: ExitCode.cellFailed,
    })
  }
  inputs.send({ type: 'flush-delay', configuration, seconds })
}

/** Opens the store of a configuration, of which `first` is any cell, on its own scratch. */
async function openConfiguration(
  inputs: MeasureInputs,
  first: ResolvedCell | undefined,
  slot: ScratchSlot | undefined,
  index: number,
): Promise<OpenStore> {
  if (slot === undefined || first === undefined) {
    throw new BenchError('a configuration was given no scratch', { code: 'runner.no-slot' })
  }
  const { driver, config } = first
  const directory = join(inputs.directory, index.toString(36))
  mkdirSync(directory, { recursive: true })
  const injected = inputs.options.injected[config.text]
  return openStore(inputs.host, driver, config, {
    slot,
    size: inputs.options.scratch.size,
    directory,
    label: `bench-${inputs.runId}-${index}`,
    flushDelay: typeof injected === 'object' ? injected.flush : null,
  })
}

/** Builds each image once; what fails is an outcome of the cells that need it, not of the run. */
async function buildImages(
  inputs: MeasureInputs,
  store: OpenStore,
  cells: readonly ResolvedCell[],
  step: (what: string) => void,
): Promise<ReadyCell[]> {
  const ready: ReadyCell[] = []
  for (const id of new Set(cells.map(({ image }) => image.id))) {
    if (inputs.stopping()) return []
    const own = cells.filter(({ image }) => image.id === id)
    step(`writing image ${id}`)
    try {
      const image = await buildImageFor(inputs, store, own[0] as ResolvedCell)
      ready.push(...own.map((resolved) => ({ ...resolved, store, image })))
    } catch (error) {
      reportOutcome(inputs, own, storeOutcome(error))
    }
  }
  return ready
}

async function buildImageFor(
  { host, send }: MeasureInputs,
  store: OpenStore,
  { driver, image }: ResolvedCell,
): Promise<BuiltImage> {
  const built = await buildImage(host, store, image, keepsWholeTrees(driver.meta))
  const entries = [...built.manifest.values()]
  send({
    type: 'image',
    id: image.id,
    info: {
      layers: image.layers.length,
      files: entries.filter((entry) => entry.type === 'file').length,
      bytes: entries.reduce((sum, entry) => sum + entry.size, 0),
      manifest: manifestHash(entries),
    },
  })
  return built
}

async function rounds(inputs: MeasureInputs, cells: readonly ReadyCell[], started: number): Promise<void> {
  const { options, send } = inputs
  if (cells.length === 0 || inputs.stopping()) return
  const resources = openResources(inputs.host.syscalls, hostProc())
  const reason = await runRounds({
    host: inputs.host,
    cells,
    rounds: options.rounds,
    maxRounds: options.maxRounds,
    aim: options,
    seed: options.seed,
    injected: options.injected,
    resources,
    deadline: options.budgetSeconds === null ? null : started + options.budgetSeconds,
    directory: join(inputs.directory, 't'),
    order: inputs.order,
    append: inputs.append,
    onTrial: (cell, progress) => send({ type: 'trial', cell: cell.id, ...progress }),
    onOutcome: (cell, outcome) => send({ type: 'outcome', cells: [cell.id], outcome }),
    stopping: inputs.stopping,
  }).finally(() => resources.close())
  send({ type: 'stopped', reason })
}

async function closeAll(
  stores: ReadonlyMap<string, OpenStore>,
  send: (message: FromChild) => void,
): Promise<boolean> {
  let closed = true
  for (const [configuration, store] of stores) {
    try {
      await store.close()
    } catch (error) {
      closed = false
      send({
        type: 'warning',
        warning: { code: 'store.not-closed', message: `${configuration}: ${messageOf(error)}` },
      })
    }
  }
  return closed
}
