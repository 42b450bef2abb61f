/** smallwrites' random-write against fio started by hand, with the same job on the same kind of mount, in turn. */
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { BIG_FILE } from '../../../scenarios/common/big-file-image.ts'
import { passJob } from '../../../scenarios/smallwrites/random-write.ts'
import type { SmallwritesParams } from '../../../scenarios/smallwrites/params.ts'
import type { Registry } from '../../contracts/plan.ts'
import type { RunningTrial } from '../../runner/trial.ts'
import { openFixture, type Fixture } from './fixture.ts'
import { inTurn, type Pairs } from './pairs.ts'
import { inContainer, sampleByHarness } from './samples.ts'

const NANOSECONDS = 1e9
const PASSES = ['first-touch', 'steady'] as const

export interface FioComparison {
  iops: Pairs
  /** 99th percentile of the fsync after each write, which is what a person waits for. Seconds. */
  p99: Pairs
}

/** Runs fio by hand: returns the second pass's writes a second and the 99th percentile of its fsyncs. */
interface Reading {
  iops: number
  p99: number
}

export async function compareFio(
  registry: Registry,
  configuration: string,
  pairs: number,
): Promise<FioComparison> {
  await using fixture = await openFixture(
    {
      driver: [configuration],
      scenario: ['smallwrites'],
      set: { op: ['random-write'], size: ['64M'], writes: ['1000'], image: ['tiny'] },
    },
    registry,
  )
  const byPair: { harness: Reading[]; reference: Reading[] } = { harness: [], reference: [] }
  await inTurn(
    pairs,
    async () => byPair.harness.push(await byHarness(fixture)),
    async () => byPair.reference.push(await byHand(fixture)),
  )
  const values = (name: keyof Reading): Pairs => ({
    harness: new Map(byPair.harness.map((reading, pair) => [pair, reading[name]])),
    reference: new Map(byPair.reference.map((reading, pair) => [pair, reading[name]])),
  })
  return { iops: values('iops'), p99: values('p99') }
}

async function byHarness(fixture: Fixture): Promise<Reading> {
  const values = await sampleByHarness(fixture)
  return { iops: values['steady-iops'] ?? Number.NaN, p99: values['steady-sync-p99'] ?? Number.NaN }
}

async function byHand(fixture: Fixture): Promise<Reading> {
  return inContainer(fixture, BIG_FILE, async ({ root }, trial) => {
    const directory = dirname(join(root, BIG_FILE))
    let last: Reading = { iops: Number.NaN, p99: Number.NaN }
    for (const pass of PASSES) {
      const { name, options } = passJob(pass, trial as RunningTrial & { params: SmallwritesParams })
      const words = Object.entries(options).map(([key, value]) => `--${key}=${value}`)
      const command = `exec fio --output-format=json --percentile_list=99 --directory="$0" --name=${name} ${words.join(' ')}`
      const { stdout } = await fixture.host.run('sh', ['-c', command, directory], {
        cwd: fixture.directory,
      })
      last = readingOf(stdout)
    }
    return last
  })
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
