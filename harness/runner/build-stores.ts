/** Opens the store of each configuration and builds its images. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { keepsWholeTrees } from '../contracts/driver.ts'
import { BenchError, ExitCode } from '../contracts/error.ts'
import { stackOf } from '../contracts/image.ts'
import type { ResolvedCell } from '../contracts/plan.ts'
import { limiter } from '../linux/limiter.ts'
import { manifestHash } from '../measurement/tree-hash.ts'
import { measureDelay, type DelayedScratch } from './flush-delay.ts'
import { reportOutcome, type MeasureInputs } from './measure-inputs.ts'
import { storeOutcome } from './outcome.ts'
import type { ReadyCell } from './ready-cell.ts'
import type { ScratchSlot, ScratchSlots } from './scratch-slot.ts'
import { buildImage, openStore, type BuiltImage, type OpenStore } from './stores.ts'
import { writeBackAside } from './write-back.ts'

/** One fills files and hashes them while the other is written to the disk. */
const STORES_AT_ONCE = 2

/**
 * Builds the stores of these configurations side by side, and puts each into `stores` when it is open. Returns the cells that
 * can be measured, with every store at rest. What fails is an outcome of the cells that need it.
 */
export async function buildStores(
  inputs: MeasureInputs,
  supported: readonly string[],
  scratch: ScratchSlots,
  stores: Map<string, OpenStore>,
): Promise<ReadyCell[]> {
  // A delay of flushes is measured when its store is open, and nothing else may keep the disk busy then.
  const delays = Object.values(inputs.options.injected).some((injected) => typeof injected === 'object')
  const inTurn = limiter(delays ? 1 : STORES_AT_ONCE)
  const built = supported.map((text, index) =>
    inTurn(async () => {
      if (inputs.stopping()) return []
      const step = (what: string) =>
        inputs.send({ type: 'preparing', configuration: text, what, done: index, total: supported.length })
      const cells = inputs.cells.filter(({ cell }) => cell.configuration === text)
      return buildStore(inputs, cells, scratch.slots[text], index, step, stores)
    }),
  )
  // All of them end before any of them is closed.
  await Promise.allSettled(built)
  const ready = (await Promise.all(built)).flat()
  return inputs.stopping() ? [] : ready
}

/** Opens the store of these cells, builds their images in it, and brings it to rest. */
async function buildStore(
  inputs: MeasureInputs,
  cells: readonly ResolvedCell[],
  slot: ScratchSlot | undefined,
  index: number,
  step: (what: string) => void,
  stores: Map<string, OpenStore>,
): Promise<ReadyCell[]> {
  step('formatting its scratch')
  try {
    const store = await openConfiguration(inputs, cells[0], slot, index)
    const { text } = store.config
    stores.set(text, store)
    if (store.delayed !== null) measureFlushDelay(inputs, text, store.delayed)
    const ready = await buildImages(inputs, store, cells, step)
    await writeBackAside(inputs.host, store.snapshotter.store.path)
    await store.snapshotter.settle()
    return ready
  } catch (error) {
    reportOutcome(inputs, cells, storeOutcome(error))
    return []
  }
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
      layers: stackOf(image).length,
      files: entries.filter((entry) => entry.type === 'file').length,
      bytes: entries.reduce((sum, entry) => sum + entry.size, 0),
      manifest: manifestHash(entries),
    },
  })
  return built
}
