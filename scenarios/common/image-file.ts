/** That the large file of the image is still what it was, though containers stand on it. */
import { join } from 'node:path'
import type { Trial } from '../../harness/contracts/scenario.ts'
import { firstDifference, partsOf, type Expected, type Part } from '../dataset/compare.ts'
import { BLOCK } from '../dataset/content.ts'
import { contradiction, requireLower } from './witness.ts'

/** Rounds by which all of the file has been looked at once more. */
const SHARES = 10

/** Of the witness. */
export interface ImageFileProof {
  lowerHash: string | null
  details: Record<string, number | string>
}

export interface ImageFile extends Omit<Expected, 'change'> {
  path: string
  /** Offsets of the blocks that were changed in the container, in order: where a write would show that leaks through. */
  changed: Iterable<number>
}

/** Whether a round proves by hashes, or by comparing bytes with those of the seed. */
export function provesByHash({ round }: Pick<Trial, 'round'>): boolean {
  return round === 0
}

/**
 * Throws `witness.lower` when the image's file is not what it was. A cell's first round hashes it whole. Each later one
 * compares with the seed all that was changed in the container, and a tenth of the file, in turn: to read the file
 * whole, which most drivers have no pages of any more, would take longer than what is measured.
 */
export async function requireImageFile(trial: Trial, file: ImageFile): Promise<ImageFileProof> {
  const { path, changed, ...expected } = file
  if (provesByHash(trial)) {
    const lowerHash = requireLower(path, await trial.lowerHash(path), trial.manifest)
    return { lowerHash, details: { provedBy: 'SHA-256 of the whole files' } }
  }
  const parts = [...partsOf(changed), shareOf(expected.size, trial.round)]
  const at = await trial.inImage((root) => firstDifference(join(root, path), expected, parts))
  if (at !== null) throw contradiction('lower', `${path} of the image has changed at byte ${at}`)
  return {
    lowerHash: null,
    details: {
      provedBy:
        'bytes compared with the seed: the container’s file whole, the image’s where it was changed and a tenth',
      imageBytesCompared: parts.reduce((sum, { length }) => sum + length, 0),
    },
  }
}

/** The tenth of a file that a round looks at. */
function shareOf(size: number, round: number): Part {
  const boundary = (share: number) => Math.ceil((size * share) / SHARES / BLOCK) * BLOCK
  const share = round % SHARES
  return { offset: boundary(share), length: boundary(share + 1) - boundary(share) }
}
