/** Samples of a start of a container and of the same with a known delay, on a host whose disk is under drifting load. */
import type { Registry } from '../plan/plan.ts'
import { stateDirectory } from '../plan/plan.ts'
import type { Recorded } from '../validation/designs.ts'
import { startLoad } from '../validation/load.ts'
import { openLaboratory, type Laboratory } from './laboratory.ts'

const PHASES = ['prepare', 'mount', 'create', 'start', 'ready'] as const
/** The true difference. */
const DELAY = 0.05

export interface Extent {
  /** Of the one and of the other in turn. */
  pairs: number
  /** Of all of the one, then all of the other. */
  blocks: number
  /** Samples of the one, and of the other, in each. */
  blockSize: number
}

/** Blocks and turns alternate, so that the same load is felt by both. */
export async function recordDesigns(registry: Registry, extent: Extent): Promise<Recorded> {
  await using laboratory = await openLaboratory(
    { driver: ['overlay2@ext4'], scenario: ['startup'] },
    registry,
  )
  await using _ = startLoad(stateDirectory())
  const one = () => sample(laboratory, 0)
  const other = () => sample(laboratory, DELAY)
  const turns = { one: [] as number[], other: [] as number[] }
  const blocks: { one: number[]; other: number[] }[] = []
  for (let block = 0; block < extent.blocks; block += 1) {
    blocks.push({ one: await times(extent.blockSize, one), other: await times(extent.blockSize, other) })
    for (let pair = 0; pair < extent.pairs / extent.blocks; pair += 1) {
      turns.one.push(await one())
      turns.other.push(await other())
    }
  }
  return { turns, blocks }
}

async function times(count: number, measure: () => Promise<number>): Promise<number[]> {
  const values: number[] = []
  for (let index = 0; index < count; index += 1) values.push(await measure())
  return values
}

async function sample(laboratory: Laboratory, injected: number): Promise<number> {
  const trial = await laboratory.trial(injected)
  await laboratory.store.snapshotter.settle()
  await laboratory.cell.paramSet.scenario.run(trial)
  await trial.tearDown()
  return PHASES.reduce((sum, phase) => sum + (trial.values[phase] ?? Number.NaN), 0)
}
