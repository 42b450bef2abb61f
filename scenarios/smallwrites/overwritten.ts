/** Checks that fio overwrote the large file, and only in the container: shared by its two operations. */
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Container, FileRange, Trial } from '../../harness/contracts/scenario.ts'
import type { Witness } from '../../harness/contracts/witness.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { BIG_FILE } from '../common/big-file-image.ts'
import type { Counted } from '../common/evidence.ts'
import { provesByHash, requireImageFile } from '../common/image-file.ts'
import { mechanismOf } from '../common/mechanism.ts'
import { requirePassedBy, type PassingBy } from '../common/volume.ts'
import { contradiction } from '../common/witness.ts'
import { changedBlocks } from '../dataset/compare.ts'
import { ownContent } from '../dataset/image.ts'
import type { SmallwritesParams } from './params.ts'

/** A file that was overwritten: where its bytes lay before the first change and after it. */
export interface Overwritten {
  container: Container
  before: Provenance
  after: Provenance
  /** Null where the file lies in the image. */
  passing: PassingBy | null
}

export interface Expectation {
  /** Blocks that must differ from the image's. */
  blocks: number
  /** Bytes that were rewritten between `before` and `after`, and what was counted by then. */
  rewritten: number
  counted: Counted
}

/**
 * Counts rewritten blocks by comparing with the old content, since fio's new content is not known beforehand. None is where
 * the file lies on the image's own extents.
 */
export async function proveOverwritten(
  trial: Trial<SmallwritesParams>,
  { container, before, after, passing }: Overwritten,
  { blocks, rewritten, counted }: Expectation,
): Promise<Omit<Witness, 'bytesChanged'>> {
  const { size, compressibility } = trial.params
  const expected = { content: ownContent(trial.seed, compressibility, BIG_FILE), size }
  const hash = provesByHash(trial) ? createHash('sha256') : null
  const path = join(container.root, BIG_FILE)
  const find = (parts: readonly FileRange[]) => {
    const changed = changedBlocks(path, expected, (piece) => hash?.update(piece), parts)
    const { size: length } = statSync(path)
    if (length !== size) throw contradiction('content', `${BIG_FILE} has ${length} bytes, not ${size}`)
    if (changed.length !== blocks) {
      throw contradiction('content', `${changed.length} blocks of ${BIG_FILE} were changed, not ${blocks}`)
    }
    return changed
  }
  const proof = await requireImageFile(trial, { ...expected, path: BIG_FILE, container: { find } })
  const containerHash = hash?.digest('hex') ?? null
  if (passing !== null) {
    const work = { size, written: rewritten, compressibility }
    const seen = await requirePassedBy(trial, container, passing, work)
    return { containerHash, ...proof, ...seen, details: { ...proof.details, ...seen.details } }
  }
  const mechanism = mechanismOf({
    path: BIG_FILE,
    cowUnit: trial.evidence.cowUnit,
    change: 'data',
    size,
    files: 1,
    rewritten,
    before,
    after,
    ...counted,
  })
  return { mechanism, before, after, containerHash, ...proof }
}
