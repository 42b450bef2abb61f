/** Estimate of a plan's needs: disk for each configuration, and time. */
import { keepsWholeTrees } from '../contracts/driver.ts'
import { stackOf, type Image } from '../contracts/image.ts'
import type { Estimate, ResolvedCell, WhyAbsent } from '../contracts/plan.ts'

const MIB = 1024 ** 2
const SCRATCH_STEP = 64 * MIB
/** File-system metadata, journals and fragmentation, and what has been removed but not yet been given back. */
const SPACE_FACTOR = 1.1
const FIXED_SPACE = 400 * MIB

/** Assumed rates for the estimate of time only: a modest disk, and what a trial costs beside its bytes. */
const BYTES_PER_SECOND = 700 * MIB
const SECONDS_A_TRIAL = 0.25
const SECONDS_A_STORE = 0.6

/** Estimates from all cells of a plan what each configuration needs, and how long the plan takes. */
export function estimate(cells: readonly ResolvedCell[], whyAbsent: WhyAbsent = () => null): Estimate {
  const scratchByConfiguration: Record<string, number> = {}
  const absent: Record<string, string> = {}
  let imageBytes = 0
  let round = 0
  for (const text of new Set(cells.map(({ cell }) => cell.configuration))) {
    const own = cells.filter(({ cell }) => cell.configuration === text)
    scratchByConfiguration[text] = spaceOf(own)
    const [first] = own
    const reason = first === undefined ? null : whyAbsent(first.driver, first.config)
    if (reason !== null) {
      absent[text] = reason
      continue
    }
    for (const { layers, copied } of imagesOf(own)) imageBytes += copied + sum(layers)
    for (const resolved of own) round += trialSeconds(resolved)
  }
  const present = Object.entries(scratchByConfiguration).filter(([text]) => absent[text] === undefined)
  const needed = present.map(([, bytes]) => bytes)
  return {
    scratchByConfiguration,
    scratchSize: Math.max(1, Math.ceil(Math.max(0, ...needed) / SCRATCH_STEP)) * SCRATCH_STEP,
    seconds: {
      setUp: (2 * imageBytes) / BYTES_PER_SECOND + needed.length * SECONDS_A_STORE,
      round,
    },
    absent,
  }
}

/** Each image stands once; the containers of one trial at a time beside them. */
function spaceOf(cells: readonly ResolvedCell[]): number {
  const images = sum(imagesOf(cells).map((image) => image.copied))
  const live = cells.map((cell) => copiedBy(cell, true) - copiedBy(cell, false))
  return (images + Math.max(0, ...live)) * SPACE_FACTOR + FIXED_SPACE
}

interface StoredImage {
  layers: readonly number[]
  /** Bytes that it takes of the scratch. */
  copied: number
}

/** Returns the images of a configuration. What several of them lie on stands once, and they take what they add to it. */
function imagesOf(cells: readonly ResolvedCell[]): StoredImage[] {
  const stored = new Map<string, StoredImage>()
  function add(image: Image, resolved: ResolvedCell): void {
    if (stored.has(image.id)) return
    const on = keepsWholeTrees(resolved.driver.meta) ? undefined : image.on
    if (on !== undefined) add(on, resolved)
    stored.set(image.id, {
      layers: on === undefined ? layersOf(resolved, image) : image.layers.map(({ bytes }) => bytes),
      copied: spaceNeeded(resolved, image) - (on === undefined ? 0 : spaceNeeded(resolved, on)),
    })
  }
  for (const resolved of cells) add(resolved.image, resolved)
  return [...stored.values()]
}

/** Returns the bytes that an image takes of the scratch, without a container. */
function spaceNeeded(resolved: ResolvedCell, image: Image): number {
  return resolved.driver.meta.spaceNeeded(resolved.config, layersOf(resolved, image), 0, 0)
}

/** A union may copy all of a file; any other driver has the file, or its blocks, and allows for its unit of copying. */
function copiedBy(resolved: ResolvedCell, running: boolean): number {
  const { driver, config, scenario, params } = resolved
  const { containers, changed, written } = scenario.footprint(params, resolved.image.own)
  const own = driver.meta.cowUnit === 'file' ? changed : written
  const layers = layersOf(resolved, resolved.image)
  return driver.meta.spaceNeeded(config, layers, running ? containers : 0, running ? own : 0)
}

function layersOf({ driver }: ResolvedCell, image: Image): number[] {
  const layers = stackOf(image).map((layer) => layer.bytes)
  return keepsWholeTrees(driver.meta) ? [sum(layers)] : layers
}

/** The work itself, the container's own copy, where one is made, and the bytes read back for the hashes. */
function trialSeconds(resolved: ResolvedCell): number {
  const { changed, seconds = 0 } = resolved.scenario.footprint(resolved.params, resolved.image.own)
  const copied = copiedBy(resolved, true) - copiedBy(resolved, false)
  return SECONDS_A_TRIAL + seconds + (copied + 2 * changed) / BYTES_PER_SECOND
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
