/**
 * sustained-write: the rate of random 4 KiB writes, each with fsync, into a file that is the container's own already.
 * What it cost to make it so are phases of their own.
 */
import { closeSync, fsyncSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Container, FioResult, Trial } from '../../harness/contracts/scenario.ts'
import type { Phase } from '../../harness/contracts/phase.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { BIG_FILE } from '../common/big-file-image.ts'
import { countedBy, type Counted } from '../common/evidence.ts'
import { seconds, secondsByTool } from '../common/phases.ts'
import { contradiction } from '../common/witness.ts'
import { BLOCK } from '../dataset/content.ts'
import { newContent, rewriteAll, writeFirstBlock } from './new-content.ts'
import type { OperationCode } from './operation.ts'
import { proveOverwritten, type Overwritten } from './overwritten.ts'
import type { SmallwritesParams } from './params.ts'
import { MOST_EXCURSION, MOST_SLOPE, steadyState, WINDOW, type SteadyState } from './steady-state.ts'
import { ratesOf, sustainedJob } from './sustained-job.ts'

type SustainedTrial = Trial<SmallwritesParams>

const PERCENTILES = ['50', '99'] as const

interface Observed extends Overwritten {
  /** By the time that the first block was changed, as `after` is of then. */
  counted: Counted
  steady: SteadyState
}

const phases: readonly Phase[] = [
  {
    ...seconds('first-write', 'First block of the file, durable'),
    limit: { operation: 'copy', pattern: 'sequential' },
  },
  {
    ...seconds('rewrite', 'All of the file once more, durable'),
    limit: { operation: 'write', pattern: 'sequential' },
  },
  {
    id: 'sustained-iops',
    title: 'Sustained writes a second, each durable',
    unit: 'iops',
    better: 'higher',
    headline: true,
    limit: { operation: 'write+flush', pattern: 'random' },
  },
  ...PERCENTILES.map((rank) => secondsByTool(`sustained-clat-p${rank}`, `Sustained: write latency p${rank}`)),
  ...PERCENTILES.map((rank) => secondsByTool(`sustained-sync-p${rank}`, `Sustained: fsync latency p${rank}`)),
]

export const sustainedWrite: OperationCode<Observed> = {
  phases,

  async run(trial) {
    const container = trial.container()
    await container.prepare()
    await container.mount()
    const before = await container.provenance(BIG_FILE)
    await trial.cache.set(container, [BIG_FILE])
    const first = await takeOver(trial, container)
    const [result] = await trial.fio([sustainedJob(trial)], dirname(join(container.root, BIG_FILE)))
    return { container, before, passing: null, ...first, ...report(trial, result) }
  },

  async verify(trial, observed) {
    const proof = await proveOverwritten(trial, observed, {
      blocks: Math.ceil(trial.params.size / BLOCK),
      rewritten: BLOCK,
      counted: observed.counted,
    })
    // fio does not report its writes of the run-in.
    const details = { ...proof.details, ...detailsOf(observed) }
    return { ...proof, bytesChanged: null, changed: null, details }
  },
}

/** Makes every block of the file the container's own, in two timed steps; untouched blocks would be copied later. */
async function takeOver(
  trial: SustainedTrial,
  container: Container,
): Promise<Pick<Observed, 'after' | 'counted'>> {
  const path = join(container.root, BIG_FILE)
  const content = newContent(trial)
  const fd = trial.clock.time('first-write', () => {
    const opened = openSync(path, 'r+')
    writeFirstBlock(opened, content)
    fsyncSync(opened)
    return opened
  })
  try {
    // At rest, so that all that the first write cost is counted for it, whether or not the driver honours fsync.
    await trial.cache.set(container, [])
    const counted = await countedBy(trial, trial.params.compressibility)
    const first = { after: await container.provenance(BIG_FILE), counted }
    trial.clock.time('rewrite', () => {
      rewriteAll(fd, trial.params.size, content)
      fsyncSync(fd)
    })
    requireOwn(trial, await container.provenance(BIG_FILE))
    return first
  } finally {
    closeSync(fd)
  }
}

/** Sharing is counted by file, or by device, whose other blocks go on being shared. */
function requireOwn({ evidence }: SustainedTrial, { sharedBytes }: Provenance): void {
  if (evidence.cowUnit === 'block' || sharedBytes === null || sharedBytes === 0) return
  throw contradiction(
    'mechanism',
    `${BIG_FILE} was rewritten, but ${sharedBytes} bytes of it are still shared with the image`,
  )
}

function report(trial: SustainedTrial, result: FioResult | undefined): Pick<Observed, 'steady'> {
  const rates = ratesOf(result, trial.params.interval)
  const steady = steadyState(rates)
  trial.record.series('sustained-iops', rates)
  for (const rank of PERCENTILES) {
    const [written, synced] = [result?.clat[rank], result?.sync?.[rank]]
    if (written !== undefined) trial.record.value(`sustained-clat-p${rank}`, written)
    if (synced !== undefined) trial.record.value(`sustained-sync-p${rank}`, synced)
  }
  if (!steady.attained) trial.record.warning('steady-state.not-attained', unsteady(steady))
  return { steady }
}

function unsteady({ excursion, slope }: SteadyState): string {
  return (
    `the rate did not settle: its ${WINDOW} intervals spread over ${percent(excursion)} of their mean ` +
    `(at most ${percent(MOST_EXCURSION)}) and drift by ${percent(slope)} (at most ${percent(MOST_SLOPE)})`
  )
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

function detailsOf({ steady }: Observed): Record<string, number | string | boolean> {
  return {
    steadyState: steady.attained,
    steadyStateRule: `SNIA PTS: of ${WINDOW} intervals, excursion ≤ ${percent(MOST_EXCURSION)}, slope ≤ ${percent(MOST_SLOPE)} of the mean`,
    steadyStateExcursion: steady.excursion,
    steadyStateSlope: steady.slope,
  }
}
