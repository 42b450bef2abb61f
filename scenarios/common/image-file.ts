/** Checks the content of the large file in a container and in its image. */
import { join } from 'node:path'
import type { FileRange, Trial } from '../../harness/contracts/scenario.ts'
import { firstDifference, type Expected } from '../dataset/compare.ts'
import { BLOCK } from '../dataset/content.ts'
import { outside, partsOf, totalLength, union } from '../dataset/parts.ts'
import { contradiction, requireLower } from './witness.ts'

/** Rounds by which all of the file has been looked at once more. */
const SHARES = 10

/** How the content of the container's file was compared: all of it, or all but what lies where the image's file lies. */
type Compared = 'hash' | 'whole' | 'own-ranges'

/** The part of the witness about the two files. */
export interface ImageFileProof {
  lowerHash: string | null
  details: {
    compared: Compared
    /** Share of the file that was compared beside what was changed: of the image's, and of what the two files share. */
    sampledShare?: number
    containerBytesCompared?: number
    imageBytesCompared?: number
  }
}

export interface ImageFile extends Omit<Expected, 'change'> {
  path: string
  /** Offsets of the blocks that were changed in the container, in order: where a write would show that leaks through. */
  changed: Iterable<number>
  /** Expected content of the container's file; absent if it was compared already. */
  container?: Pick<Expected, 'size' | 'change'>
  /** Parts of the container's file that were compared already; absent: all of it. */
  compared?: readonly FileRange[]
}

/** Whether a round proves by hashes, or by comparing bytes with those of the seed. */
export function provesByHash({ round }: Pick<Trial, 'round'>): boolean {
  return round === 0
}

/**
 * Throws `witness.lower` when the image's file is not what it was, `witness.content` when the container's is not what it
 * must be. A cell's first round hashes the image's whole. Each later one compares with the seed all that was changed in
 * the container, and a tenth of the file, in turn: to read the file whole, which most drivers have no pages of any more,
 * would take longer than what is measured. Of the container's file it compares beside these all that does not lie on
 * the disk where the image's lies: what does is the image's.
 */
export async function requireImageFile(trial: Trial, file: ImageFile): Promise<ImageFileProof> {
  const { path, size, content } = file
  if (provesByHash(trial)) {
    const lowerHash = await requireLower(trial, path)
    return { lowerHash, details: { compared: 'hash' } }
  }
  const looked = [...partsOf(file.changed), shareOf(size, trial.round)]
  return trial.evidence.withImage((root) => {
    const container = requireContainerFile(trial, file, looked, root)
    const parts = union(looked, size)
    const at = firstDifference(join(root, path), { content, size }, parts)
    if (at !== null) throw contradiction('lower', `${path} of the image has changed at byte ${at}`)
    const imageBytesCompared = totalLength(parts)
    return { lowerHash: null, details: { ...container, sampledShare: 1 / SHARES, imageBytesCompared } }
  })
}

/**
 * Returns the parts of the container's file, as long as the image's, that a round has to compare: all of it in a round that
 * proves by hash, else what does not lie where the image's file lies, and the tenth that is compared of the image's.
 */
export async function partsToCompare(trial: Trial, path: string, size: number): Promise<FileRange[]> {
  if (provesByHash(trial)) return [{ offset: 0, length: size }]
  const tenth = shareOf(size, trial.round)
  return trial.evidence.withImage((root) =>
    union([tenth, ...outside(trial.evidence.sharedWithImage(path, root), size)], size),
  )
}

/** Returns the details of the witness about the container's file. */
function requireContainerFile(
  trial: Trial,
  { path, content, size, container, compared }: ImageFile,
  looked: readonly FileRange[],
  imageRoot: string,
): ImageFileProof['details'] {
  if (container === undefined) return detailsOf(compared ?? [{ offset: 0, length: size }], size)
  const shared = trial.evidence.sharedWithImage(path, imageRoot)
  const parts = union([...looked, ...outside(shared, container.size)], container.size)
  const at = firstDifference(join(trial.container().root, path), { content, ...container }, parts)
  if (at !== null) {
    throw contradiction('content', `the container sees a wrong byte at ${at} of ${path}`)
  }
  return detailsOf(parts, container.size)
}

function detailsOf(parts: readonly FileRange[], size: number): ImageFileProof['details'] {
  const bytes = totalLength(parts)
  return { compared: bytes === size ? 'whole' : 'own-ranges', containerBytesCompared: bytes }
}

/** The tenth of a file that a round looks at. */
function shareOf(size: number, round: number): FileRange {
  const boundary = (share: number) => Math.ceil((size * share) / SHARES / BLOCK) * BLOCK
  const share = round % SHARES
  return { offset: boundary(share), length: boundary(share + 1) - boundary(share) }
}
