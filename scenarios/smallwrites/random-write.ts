/** random-write: fio writes random 4 KiB blocks of a file of the image, for the first time and once more. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Container, FioJob, FioResult, Phase, Trial } from '../../harness/contracts/scenario.ts'
import type { Provenance } from '../../harness/contracts/snapshotter.ts'
import { BIG_FILE } from '../common/big-file-image.ts'
import { mechanismOf } from '../common/mechanism.ts'
import { createObservations } from '../common/observations.ts'
import { seconds } from '../common/phases.ts'
import { contradiction, requireLower } from '../common/witness.ts'
import { BLOCK, openContent } from '../dataset/content.ts'
import { ownContent } from '../dataset/image.ts'
import type { OperationCode } from './operation.ts'
import type { SmallwritesParams } from './params.ts'

const PERCENTILES = ['50', '95', '99', '99.9'] as const
const PASSES = { 'first-touch': 'First touch', steady: 'Steady state' } as const
type Pass = keyof typeof PASSES

/** Compared at a time. */
const PIECE = 4 * 1024 ** 2

interface Seen {
  container: Container
  before: Provenance
  after: Provenance
}

const observations = createObservations<Seen>()

export const randomWrite: OperationCode = {
  phases: [...passPhases('first-touch'), ...passPhases('steady')].map((phase) =>
    phase.id === 'first-touch-iops' ? { ...phase, headline: true } : phase,
  ),

  async run(trial) {
    const container = trial.container()
    await container.prepare()
    await container.mount()
    const before = await container.provenance(BIG_FILE)
    await trial.setCache(container, [BIG_FILE])
    const directory = dirname(join(container.root, BIG_FILE))
    // fio seeds a job by its place in the job file, too: only as the first job of another fio does the second pass
    // write the same blocks in the same order.
    for (const pass of ['first-touch', 'steady'] as const) {
      const [result] = await trial.fio([passJob(pass, trial)], directory)
      report(trial, pass, result)
      if (pass === 'first-touch') {
        observations.keep(trial, { container, before, after: await container.provenance(BIG_FILE) })
      }
    }
  },

  async verify(trial) {
    const { container, before, after } = observations.of(trial)
    const { size, writes, compressibility } = trial.params
    const { changed, digest } = compareWithImage(trial, join(container.root, BIG_FILE))
    if (changed !== writes) {
      throw contradiction('content', `fio changed ${changed} blocks of ${BIG_FILE}, not ${writes}`)
    }
    const lowerHash = requireLower(BIG_FILE, await trial.lowerHash(BIG_FILE), trial.manifest)
    const mechanism = mechanismOf({
      path: BIG_FILE,
      cowUnit: trial.cowUnit,
      change: 'data',
      size,
      rewritten: writes * BLOCK,
      before,
      after,
      bytesWritten: trial.bytesWritten(),
      compressibility,
    })
    return { mechanism, before, after, containerHash: digest, lowerHash, bytesChanged: writes * BLOCK }
  },
}

function passPhases(pass: Pass): Phase[] {
  const title = PASSES[pass]
  return [
    { id: `${pass}-iops`, title: `${title}: writes a second`, unit: 'iops', better: 'higher' },
    ...PERCENTILES.map((rank) => seconds(`${pass}-clat-p${rank}`, `${title}: write latency p${rank}`)),
    ...PERCENTILES.map((rank) => seconds(`${pass}-sync-p${rank}`, `${title}: fsync latency p${rank}`)),
  ]
}

/** fio writes into the file as it is: it must not create it, lay it out, or drop its pages. */
export function passJob(
  pass: Pass,
  { params, seed }: Pick<Trial<SmallwritesParams>, 'params' | 'seed'>,
): FioJob {
  const { size, writes, sync, compressibility } = params
  return {
    name: pass,
    options: {
      filename: basename(BIG_FILE),
      rw: 'randwrite',
      bs: String(BLOCK),
      size: String(size),
      io_size: String(writes * BLOCK),
      ioengine: 'psync',
      overwrite: '1',
      allow_file_create: '0',
      fallocate: 'none',
      invalidate: '0',
      randrepeat: '1',
      randseed: String(seed + 1),
      buffer_compress_percentage: String(Math.round(100 * (1 - 1 / compressibility))),
      ...(sync === 'fsync' ? { fsync: '1' } : { end_fsync: '1' }),
    },
  }
}

function report(trial: Trial<SmallwritesParams>, pass: Pass, result: FioResult | undefined): void {
  const expected = trial.params.writes * BLOCK
  if (result === undefined || result.bytes !== expected) {
    throw contradiction('content', `fio wrote ${result?.bytes ?? 'nothing'} bytes, not ${expected}`)
  }
  trial.record(`${pass}-iops`, result.iops)
  for (const rank of PERCENTILES) {
    const written = result.clat[rank]
    const synced = result.sync?.[rank]
    if (written !== undefined) trial.record(`${pass}-clat-p${rank}`, written)
    if (synced !== undefined && trial.params.sync === 'fsync') trial.record(`${pass}-sync-p${rank}`, synced)
  }
}

/**
 * How many blocks of the container's file are no longer the image's, and its hash, in one pass: what fio writes is
 * not known beforehand.
 */
function compareWithImage(
  trial: Trial<SmallwritesParams>,
  path: string,
): { changed: number; digest: string } {
  const { seed, params } = trial
  const hash = createHash('sha256')
  const original = openContent(ownContent(seed, params.compressibility, BIG_FILE))
  const [seen, expected] = [Buffer.alloc(PIECE), Buffer.alloc(PIECE)]
  const fd = openSync(path, 'r')
  try {
    let changed = 0
    for (let offset = 0; offset < params.size; offset += PIECE) {
      const length = readPiece(fd, seen, offset)
      original(expected.subarray(0, length), offset)
      hash.update(seen.subarray(0, length))
      changed += differing(seen.subarray(0, length), expected.subarray(0, length))
    }
    return { changed, digest: hash.digest('hex') }
  } finally {
    closeSync(fd)
  }
}

/** read(2) may give less than asked for. */
function readPiece(fd: number, target: Buffer, offset: number): number {
  let length = 0
  while (length < target.length) {
    const got = readSync(fd, target, length, target.length - length, offset + length)
    if (got === 0) break
    length += got
  }
  return length
}

function differing(seen: Buffer, expected: Buffer): number {
  if (seen.equals(expected)) return 0
  let count = 0
  for (let at = 0; at < seen.length; at += BLOCK) {
    if (!seen.subarray(at, at + BLOCK).equals(expected.subarray(at, at + BLOCK))) count += 1
  }
  return count
}
