/** smallwrites' random-write against fio started by hand, with the same job on the same kind of mount, in turn. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { BIG_FILE } from '../../scenarios/common/big-file-image.ts'
import { passJob } from '../../scenarios/smallwrites/random-write.ts'
import type { SmallwritesParams } from '../../scenarios/smallwrites/params.ts'
import type { Registry } from '../plan/plan.ts'
import type { RunningTrial } from '../runner/trial.ts'
import { openLaboratory, type Laboratory } from './laboratory.ts'
import { inTurn, type Pairs } from './pairs.ts'

const NANOSECONDS = 1e9
const PASSES = ['first-touch', 'steady'] as const

export interface FioComparison {
  iops: Pairs
  /** Of the fsync that follows each write, which is what the person waits for. Seconds. */
  p99: Pairs
}

/** What fio says, by hand: the second pass's writes a second and the 99th percentile of its fsyncs. */
interface Reading {
  iops: number
  p99: number
}

export async function compareFio(
  registry: Registry,
  configuration: string,
  pairs: number,
): Promise<FioComparison> {
  await using laboratory = await openLaboratory(
    {
      driver: [configuration],
      scenario: ['smallwrites'],
      set: { op: ['random-write'], size: ['64M'], writes: ['1000'], image: ['tiny'] },
    },
    registry,
  )
  const byPair: { harness: Reading[]; reference: Reading[] } = { harness: [], reference: [] }
  const folder = mkdtempSync(join(tmpdir(), 'bench-reference-fio-'))
  try {
    await inTurn(
      pairs,
      async () => byPair.harness.push(await byHarness(laboratory)),
      async () => byPair.reference.push(await byHand(laboratory, folder)),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const values = (name: keyof Reading): Pairs => ({
    harness: new Map(byPair.harness.map((reading, pair) => [pair, reading[name]])),
    reference: new Map(byPair.reference.map((reading, pair) => [pair, reading[name]])),
  })
  return { iops: values('iops'), p99: values('p99') }
}

async function byHarness(laboratory: Laboratory): Promise<Reading> {
  const trial = await laboratory.trial()
  await laboratory.store.snapshotter.settle()
  await laboratory.cell.paramSet.scenario.run(trial)
  await trial.tearDown()
  const { [`steady-iops`]: iops = Number.NaN, [`steady-sync-p99`]: p99 = Number.NaN } = trial.values
  return { iops, p99 }
}

async function byHand(laboratory: Laboratory, folder: string): Promise<Reading> {
  const trial = (await laboratory.trial()) as RunningTrial & { params: SmallwritesParams }
  await laboratory.store.snapshotter.settle()
  const container = trial.container()
  await container.prepare()
  await container.mount()
  await container.provenance(BIG_FILE)
  await trial.setCache(container, [BIG_FILE])
  const directory = dirname(join(container.root, BIG_FILE))
  mkdirSync(folder, { recursive: true })
  let last: Reading = { iops: Number.NaN, p99: Number.NaN }
  for (const pass of PASSES) {
    const { name, options } = passJob(pass, trial)
    const words = Object.entries(options).map(([key, value]) => `--${key}=${value}`)
    const command = `exec fio --output-format=json --percentile_list=99 --directory="$0" --name=${name} ${words.join(' ')}`
    const { stdout } = await laboratory.host.run('sh', ['-c', command, directory], { cwd: folder })
    last = readingOf(stdout)
  }
  await trial.tearDown()
  return last
}

const outputSchema = z.object({
  jobs: z.tuple([
    z.object({
      write: z.object({ iops: z.number() }),
      sync: z.object({ lat_ns: z.object({ percentile: z.object({ '99.000000': z.number() }) }) }),
    }),
  ]),
})

function readingOf(text: string): Reading {
  const [job] = outputSchema.parse(JSON.parse(text)).jobs
  return { iops: job.write.iops, p99: job.sync.lat_ns.percentile['99.000000'] / NANOSECONDS }
}
