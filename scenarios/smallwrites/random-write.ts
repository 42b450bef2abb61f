/** random-write: fio writes random 4 KiB blocks of a file of the image, for the first time and once more. */
import { dirname, join } from 'node:path'
import type { FioJob, FioResult, Trial } from '../../harness/contracts/scenario.ts'
import type { Phase } from '../../harness/contracts/phase.ts'
import { BIG_FILE } from '../common/big-file-image.ts'
import { makeGroup, removeGroup } from '../common/container/cgroup.ts'
import { countedBy } from '../common/evidence.ts'
import { secondsByTool } from '../common/phases.ts'
import { mountVolume } from '../common/volume.ts'
import { contradiction } from '../common/witness.ts'
import { BLOCK } from '../dataset/content.ts'
import type { OperationCode } from './operation.ts'
import { overwriteOptions } from './overwrite-job.ts'
import { proveOverwritten, type Overwritten } from './overwritten.ts'
import type { SmallwritesParams } from './params.ts'

const PERCENTILES = ['50', '95', '99', '99.9'] as const
/** Below it the 99.9th percentile of a pass is its slowest write. */
const ENOUGH_FOR_P99_9 = 1000
const PASSES = { 'first-touch': 'First touch', steady: 'Same blocks again' } as const
type Pass = keyof typeof PASSES

export const randomWrite: OperationCode<Overwritten> = {
  phases: [...passPhases('first-touch', { headline: true }), ...passPhases('steady', {})],

  absent({ sync, writes }) {
    const other = sync === 'fsync' ? 'buffered' : 'fsync'
    return (['first-touch', 'steady'] as const).flatMap((pass) => [
      rateOf(pass, other),
      ...(sync === 'fsync' ? [] : PERCENTILES.map((rank) => `${pass}-sync-p${rank}`)),
      ...(writes < ENOUGH_FOR_P99_9 ? [`${pass}-clat-p99.9`, `${pass}-sync-p99.9`] : []),
    ])
  },

  async run(trial) {
    const container = trial.container()
    await container.prepare()
    await container.mount()
    const before = await container.provenance(BIG_FILE)
    const passing = await mountVolume(trial, container, BIG_FILE)
    await trial.cache.set(container, [BIG_FILE])
    const directory = dirname(join(container.root, BIG_FILE))
    // fio seeds a job by its place in the job file, too: only as the first job of another fio does the second pass
    // write the same blocks in the same order.
    const group = makeGroup(trial.host, trial.params, trial.evidence.devices)
    const joins = group?.joins ?? []
    try {
      await writePass('first-touch', trial, directory, joins)
      // Beneath a volume nothing can be looked at.
      const after = passing === null ? await container.provenance(BIG_FILE) : before
      await writePass('steady', trial, directory, joins)
      return { container, before, after, passing }
    } finally {
      if (group !== null) removeGroup(trial.host, group)
    }
  },

  async verify(trial, overwritten) {
    const { writes, compressibility } = trial.params
    const proof = await proveOverwritten(trial, overwritten, {
      blocks: writes,
      rewritten: writes * BLOCK,
      counted: await countedBy(trial, compressibility),
    })
    // Both passes write the same blocks.
    const changed = { objects: writes, word: 'block' }
    return { ...proof, bytesChanged: writes * BLOCK, changed }
  },
}

/** Writes a second, durable ones and buffered ones apart: the device bounds the rate of the durable ones alone. */
function rateOf(pass: Pass, sync: SmallwritesParams['sync']): string {
  return sync === 'fsync' ? `${pass}-iops` : `${pass}-buffered-iops`
}

function passPhases(pass: Pass, headline: Pick<Phase, 'headline'>): Phase[] {
  const title = PASSES[pass]
  const rate = { unit: 'iops', better: 'higher', ...headline } as const
  return [
    {
      id: rateOf(pass, 'fsync'),
      title: `${title}: writes a second`,
      ...rate,
      limit: { operation: 'write+flush', pattern: 'random' },
    },
    { id: rateOf(pass, 'buffered'), title: `${title}: buffered writes a second`, ...rate },
    ...PERCENTILES.map((rank) => secondsByTool(`${pass}-clat-p${rank}`, `${title}: write latency p${rank}`)),
    ...PERCENTILES.map((rank) => secondsByTool(`${pass}-sync-p${rank}`, `${title}: fsync latency p${rank}`)),
  ]
}

export function passJob(pass: Pass, trial: Pick<Trial<SmallwritesParams>, 'params' | 'seed'>): FioJob {
  const { writes, sync } = trial.params
  return {
    name: pass,
    options: {
      ...overwriteOptions(trial),
      io_size: String(writes * BLOCK),
      ...(sync === 'fsync' ? { fsync: '1' } : { end_fsync: '1' }),
    },
  }
}

async function writePass(
  pass: Pass,
  trial: Trial<SmallwritesParams>,
  directory: string,
  joins: readonly string[],
): Promise<void> {
  const [result] = await trial.fio([passJob(pass, trial)], directory, rateOf(pass, trial.params.sync), joins)
  report(trial, pass, result)
}

function report(trial: Trial<SmallwritesParams>, pass: Pass, result: FioResult | undefined): void {
  const expected = trial.params.writes * BLOCK
  if (result === undefined || result.bytes !== expected) {
    throw contradiction('content', `fio wrote ${result?.bytes ?? 'nothing'} bytes, not ${expected}`)
  }
  trial.record.value(rateOf(pass, trial.params.sync), result.iops)
  for (const rank of PERCENTILES) {
    const written = result.clat[rank]
    const synced = result.sync?.[rank]
    if (written !== undefined) trial.record.value(`${pass}-clat-p${rank}`, written)
    if (synced !== undefined && trial.params.sync === 'fsync')
      trial.record.value(`${pass}-sync-p${rank}`, synced)
  }
}
