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
  container: KnownChange | FoundChange
}

/** Blocks that the workload is known to have changed. */
interface KnownChange extends Pick<Expected, 'size' | 'change'> {
  /** Offsets of the changed blocks, in order: where a write would show that leaks through. */
  changed: readonly number[]
}

/** Blocks that are found by comparing; the container's file is as long as the image's. */
interface FoundChange {
  /** Compares these parts of the container's file. Returns the offsets of the changed blocks, in order. */
  find(parts: readonly FileRange[]): readonly number[]
}

/** Returns whether a round proves by hashes, or by comparing bytes with those of the seed. */
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
  const { path, size, content, container } = file
  if (provesByHash(trial)) {
    if ('find' in container) container.find([{ offset: 0, length: size }])
    const lowerHash = await requireLower(trial, path)
    return { lowerHash, details: { compared: 'hash' } }
  }
  const tenth = shareOf(size, trial.round)
  return trial.evidence.withImage((root) => {
    const shared = trial.evidence.sharedWithImage(path, root)
    const { changed, details } =
      'find' in container
        ? findChange(container, [tenth, ...outside(shared, size)], size)
        : requireContainerFile(trial, file, container, [tenth, ...outside(shared, container.size)])
    const parts = union([...partsOf(changed), tenth], size)
    const at = firstDifference(join(root, path), { content, size }, parts)
    if (at !== null) throw contradiction('lower', `${path} of the image has changed at byte ${at}`)
    const imageBytesCompared = totalLength(parts)
    return { lowerHash: null, details: { ...details, sampledShare: 1 / SHARES, imageBytesCompared } }
  })
}

/** Changed blocks of the container's file, and the details of the witness about it. */
interface Change {
  changed: readonly number[]
  details: ImageFileProof['details']
}

function findChange({ find }: FoundChange, looked: readonly FileRange[], size: number): Change {
  const parts = union(looked, size)
  return { changed: find(parts), details: detailsOf(parts, size) }
}

function requireContainerFile(
  trial: Trial,
  { path, content }: ImageFile,
  { changed, ...container }: KnownChange,
  looked: readonly FileRange[],
): Change {
  const parts = union([...partsOf(changed), ...looked], container.size)
  const at = firstDifference(join(trial.container().root, path), { content, ...container }, parts)
  if (at !== null) {
    throw contradiction('content', `the container sees a wrong byte at ${at} of ${path}`)
  }
  return { changed, details: detailsOf(parts, container.size) }
}

function detailsOf(parts: readonly FileRange[], size: number): ImageFileProof['details'] {
  const bytes = totalLength(parts)
  return { compared: bytes === size ? 'whole' : 'own-ranges', containerBytesCompared: bytes }
}

/** Returns the tenth of a file that a round looks at. */
function shareOf(size: number, round: number): FileRange {
  const boundary = (share: number) => Math.ceil((size * share) / SHARES / BLOCK) * BLOCK
  const share = round % SHARES
  return { offset: boundary(share), length: boundary(share + 1) - boundary(share) }
}
