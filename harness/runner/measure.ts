/**
 * What the measuring process does: process 1 of its own process namespace, in its own mount namespace. When it ends,
 * however it ends, the kernel takes its mounts, processes and loop devices with it.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, ExitCode, messageOf } from '../contracts/error.ts'
import { keepsWholeTrees, type Driver, type DriverConfig } from '../contracts/driver.ts'
import type { Host } from '../contracts/host.ts'
import type { Cell, Outcome, RunOptions, Sample } from '../contracts/run.ts'
import type { Scenario } from '../contracts/scenario.ts'
import { formatSize } from '../contracts/units.ts'
import { manifestHash } from '../measurement/tree-hash.ts'
import type { FromChild } from './messages.ts'
import { monotonicSeconds, runRounds, type ReadyCell } from './rounds.ts'
import type { ScratchSlot, ScratchSlots } from './scratch.ts'
import { buildImage, openStore, type OpenStore } from './stores.ts'

/** A planned cell with the objects that it stands for. */
export interface MeasuredCell extends Cell {
  configuration: { driver: Driver; config: DriverConfig }
  paramSet: { scenario: Scenario; params: unknown }
}

export interface MeasureInputs {
  runId: string
  /** An empty folder on a short path for mount points. */
  directory: string
  options: RunOptions
  cells: readonly MeasuredCell[]
  /** Bytes of scratch that each configuration needs. */
  spaceNeeded: Readonly<Record<string, number>>
  host: Host
  makeScratch(drivers: readonly string[]): Promise<ScratchSlots>
  order(cells: readonly ReadyCell[], round: number): ReadyCell[]
  append(sample: Sample): void
  send(message: FromChild): void
  stopping(): boolean
}

export async function measure(inputs: MeasureInputs): Promise<void> {
  const started = monotonicSeconds()
  const supported = await probeAll(inputs)
  if (supported.length === 0 || inputs.stopping()) return
  inputs.host.journal.record({ kind: 'directory', path: inputs.directory })
  mkdirSync(inputs.directory, { recursive: true, mode: 0o700 })
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
      rmSync(inputs.directory, { recursive: true, force: true })
      inputs.host.journal.settle({ kind: 'directory', path: inputs.directory })
    }
  }
}

/** Configurations that can run here and fit their scratch; the others' cells get their outcome. */
async function probeAll(inputs: MeasureInputs): Promise<string[]> {
  const supported: string[] = []
  const drivers = inputs.options.drivers
  for (const [index, text] of drivers.entries()) {
    const cells = inputs.cells.filter((cell) => cell.driver === text)
    const first = cells[0]
    if (first === undefined || inputs.stopping()) continue
    inputs.send({ type: 'preparing', driver: text, what: 'probing', done: index, total: drivers.length })
    const { driver, config } = first.configuration
    try {
      const support = tooSmall(inputs, text) ?? (await driver.probe(inputs.host, config))
      if (support.ok) supported.push(text)
      else {
        const { code, reason, hint } = support
        conclude(inputs, cells, { state: 'unsupported', code, reason, hint })
      }
    } catch (error) {
      conclude(inputs, cells, outcomeOf(error))
    }
  }
  return withoutIdleControls(inputs, supported)
}

/** A control that nobody asked for and that nothing is compared with is not worth its time. */
function withoutIdleControls(inputs: MeasureInputs, supported: readonly string[]): string[] {
  const needed = new Set<string>(inputs.options.requested)
  for (const cell of inputs.cells) {
    const control = inputs.cells.find((other) => other.id === cell.control)
    if (control !== undefined && supported.includes(cell.driver)) needed.add(control.driver)
  }
  const idle = inputs.cells.filter((cell) => supported.includes(cell.driver) && !needed.has(cell.driver))
  if (idle.length > 0)
    conclude(inputs, idle, {
      state: 'unsupported',
      code: 'control.idle',
      reason: 'no configuration that it is the control of can run here',
      hint: '',
    })
  return supported.filter((text) => needed.has(text))
}

function tooSmall(
  inputs: MeasureInputs,
  text: string,
): { ok: false; code: string; reason: string; hint: string } | null {
  const needed = inputs.spaceNeeded[text] ?? 0
  const { size } = inputs.options.scratch
  if (needed <= size) return null
  const gib = Math.ceil(needed / 1024 ** 3)
  return {
    ok: false,
    code: 'scratch.too-small',
    reason: `its images and containers need ${gib}G of scratch; each configuration has ${formatSize(size)}`,
    hint: `--scratch-size ${gib}G, or smaller parameters`,
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
    const cells = inputs.cells.filter((cell) => cell.driver === text)
    const step = (what: string) =>
      inputs.send({ type: 'preparing', driver: text, what, done: index, total: supported.length })
    step('formatting its scratch')
    try {
      stores.set(text, await openPlace(inputs, cells, scratch.slots[text], index))
    } catch (error) {
      conclude(inputs, cells, outcomeOf(error))
      continue
    }
    ready.push(...(await buildImages(inputs, stores.get(text) as OpenStore, cells, step)))
  }
  return ready
}

async function openPlace(
  inputs: MeasureInputs,
  cells: readonly MeasuredCell[],
  slot: ScratchSlot | undefined,
  index: number,
): Promise<OpenStore> {
  const configuration = cells[0]?.configuration
  if (slot === undefined || configuration === undefined) {
    throw new BenchError('a configuration was given no scratch', { code: 'runner.no-slot' })
  }
  const directory = join(inputs.directory, index.toString(36))
  mkdirSync(directory, { recursive: true })
  return openStore(inputs.host, configuration.driver, configuration.config, {
    slot,
    size: inputs.options.scratch.size,
    directory,
    label: `bench-${inputs.runId}-${index}`,
  })
}

/** Builds each image once; what fails is an outcome of the cells that need it, not of the run. */
async function buildImages(
  inputs: MeasureInputs,
  store: OpenStore,
  cells: readonly MeasuredCell[],
  step: (what: string) => void,
): Promise<ReadyCell[]> {
  const ready: ReadyCell[] = []
  for (const id of new Set(cells.map((cell) => cell.image))) {
    if (inputs.stopping()) return []
    const own = cells.filter((cell) => cell.image === id)
    step(`writing image ${id}`)
    try {
      await buildImageFor(inputs, store, own[0] as MeasuredCell)
    } catch (error) {
      conclude(inputs, own, outcomeOf(error))
      continue
    }
    ready.push(...own.map((cell) => readyCell(cell, store)))
  }
  return ready
}

async function buildImageFor(inputs: MeasureInputs, store: OpenStore, cell: MeasuredCell): Promise<void> {
  const image = cell.paramSet.scenario.image(cell.paramSet.params, inputs.options.seed)
  const flat = keepsWholeTrees(cell.configuration.driver.meta)
  const built = await buildImage(inputs.host, store, image, flat)
  const entries = [...built.manifest.values()]
  inputs.send({
    type: 'image',
    id: image.id,
    info: {
      layers: image.layers.length,
      files: entries.filter((entry) => entry.type === 'file').length,
      bytes: entries.reduce((sum, entry) => sum + entry.size, 0),
      manifest: manifestHash(entries),
    },
  })
}

function readyCell(cell: MeasuredCell, store: OpenStore): ReadyCell {
  const image = store.images.get(cell.image)
  if (image === undefined)
    throw new BenchError(`image ${cell.image} was not built`, { code: 'runner.no-image' })
  const { driver } = cell.configuration
  const { scenario, params } = cell.paramSet
  return { cell, driver, scenario, params, store, image }
}

async function rounds(inputs: MeasureInputs, cells: readonly ReadyCell[], started: number): Promise<void> {
  const { options, send } = inputs
  if (cells.length === 0 || inputs.stopping()) return
  await runRounds({
    host: inputs.host,
    cells,
    rounds: options.rounds,
    seed: options.seed,
    deadline: options.budgetSeconds === null ? null : started + options.budgetSeconds,
    directory: join(inputs.directory, 't'),
    order: inputs.order,
    append: inputs.append,
    onTrial: (cell, round, done, total) =>
      send({ type: 'trial', cell: cell.id, round, rounds: options.rounds, done, total }),
    onOutcome: (cell, outcome) => send({ type: 'outcome', cells: [cell.id], outcome }),
    stopping: inputs.stopping,
  })
}

function outcomeOf(error: unknown): Outcome {
  const known = error instanceof BenchError ? error : null
  return {
    state: known?.exitCode === ExitCode.nothingRuns ? 'unsupported' : 'failed',
    code: known?.code ?? 'store.failed',
    reason: messageOf(error),
    hint: known?.hint ?? '',
  }
}

function conclude(inputs: MeasureInputs, cells: readonly MeasuredCell[], outcome: Outcome): void {
  inputs.send({ type: 'outcome', cells: cells.map((cell) => cell.id), outcome })
}

async function closeAll(
  stores: ReadonlyMap<string, OpenStore>,
  send: (message: FromChild) => void,
): Promise<boolean> {
  let closed = true
  for (const [driver, store] of stores) {
    try {
      await store.close()
    } catch (error) {
      closed = false
      send({
        type: 'warning',
        warning: { code: 'store.not-closed', message: `${driver}: ${messageOf(error)}` },
      })
    }
  }
  return closed
}
