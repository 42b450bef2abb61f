/** Estimate of a plan's needs: disk for each configuration, and time. */
import { keepsWholeTrees } from '../contracts/driver.ts'
import type { PlannedCell } from './cells.ts'

const MIB = 1024 ** 2
const SCRATCH_STEP = 256 * MIB
/** File-system metadata, journals and fragmentation, and what has been removed but not yet been given back. */
const SPACE_FACTOR = 1.3
const FIXED_SPACE = 400 * MIB

/** Assumed rates for the estimate of time only: a modest disk, and what a trial costs beside its bytes. */
const BYTES_PER_SECOND = 700 * MIB
const SECONDS_A_TRIAL = 0.25
const SECONDS_A_STORE = 0.6

export interface Estimate {
  /** Bytes each configuration needs; the largest decides for all. */
  scratchByDriver: Record<string, number>
  /** Bytes for each configuration, in whole steps. */
  scratchSize: number
  seconds: { setUp: number; round: number }
}

export function estimate(cells: readonly PlannedCell[]): Estimate {
  const scratchByDriver: Record<string, number> = {}
  let imageBytes = 0
  let round = 0
  for (const driver of new Set(cells.map((cell) => cell.configuration))) {
    const own = cells.filter((cell) => cell.configuration === driver)
    scratchByDriver[driver] = spaceOf(own)
    for (const { layers, copied } of imagesOf(own)) imageBytes += copied + sum(layers)
    for (const cell of own) round += trialSeconds(cell)
  }
  const needed = Math.max(0, ...Object.values(scratchByDriver))
  return {
    scratchByDriver,
    scratchSize: Math.max(1, Math.ceil(needed / SCRATCH_STEP)) * SCRATCH_STEP,
    seconds: {
      setUp: (2 * imageBytes) / BYTES_PER_SECOND + Object.keys(scratchByDriver).length * SECONDS_A_STORE,
      round,
    },
  }
}

/** Each image stands once; the containers of one trial at a time beside them. */
function spaceOf(cells: readonly PlannedCell[]): number {
  const images = sum(imagesOf(cells).map((image) => image.copied))
  const live = cells.map((cell) => copiedBy(cell, true) - copiedBy(cell, false))
  return (images + Math.max(0, ...live)) * SPACE_FACTOR + FIXED_SPACE
}

function imagesOf(cells: readonly PlannedCell[]): { layers: number[]; copied: number }[] {
  const byImage = new Map(cells.map((cell) => [cell.image, cell]))
  return [...byImage.values()].map((cell) => ({
    layers: layersOf(cell),
    copied: copiedBy(cell, false),
  }))
}

/** A union may copy all of a file; any other driver has the file, or its blocks, and allows for its unit of copying. */
function copiedBy(cell: PlannedCell, running: boolean): number {
  const { source: configuration, paramSet } = cell
  const { driver, config } = configuration
  const { containers, changed, written } = paramSet.scenario.footprint(paramSet.params)
  const own = driver.meta.cowUnit === 'file' ? changed : written
  return driver.meta.spaceNeeded(config, layersOf(cell), running ? containers : 0, running ? own : 0)
}

function layersOf(cell: PlannedCell): number[] {
  const layers = cell.paramSet.image.layers.map((layer) => layer.bytes)
  return keepsWholeTrees(cell.source.driver.meta) ? [sum(layers)] : layers
}

/** The container's own copy, where one is made, and the bytes read back for the hashes. */
function trialSeconds(cell: PlannedCell): number {
  const { changed } = cell.paramSet.scenario.footprint(cell.paramSet.params)
  const copied = copiedBy(cell, true) - copiedBy(cell, false)
  return SECONDS_A_TRIAL + (copied + 2 * changed) / BYTES_PER_SECOND
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
