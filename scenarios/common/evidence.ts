/** Evidence about the first change of a file: the mechanism is derived from it and checked against it. */
import type { CowUnit } from '../../harness/contracts/driver.ts'
import type { ManifestEntry } from '../../harness/contracts/image.ts'
import type { Trial } from '../../harness/contracts/scenario.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { contradiction } from './witness.ts'

/** Action of the workload on the file: it rewrote or added data, changed only its inode, or only opened it for writing. */
export type ChangeKind = 'data' | 'metadata' | 'none'

/** Counted since the trial began, with the container's layer still there. Bytes. */
export interface Counted {
  /** Bytes written at the store's devices. */
  bytesWritten: number
  /** Growth of the space used in the store. */
  allocated: number
  /** Bytes of all files of the image: those that a full copy writes. */
  imageBytes: number
  /** By how much less than that a store writes that compresses; 1 for one that does not. */
  compression: number
}

export interface Evidence extends Counted {
  path: string
  cowUnit: CowUnit
  change: ChangeKind
  /** Bytes that the file holds afterwards. */
  size: number
  /** Files of this size to which the same was done. */
  files: number
  /** Bytes of what the file held before that the workload itself has rewritten. */
  rewritten: number
  before: Provenance
  after: Provenance
}

/** `compressibility`: uncompressed ÷ compressed size of the trial's data. Call it when the work is settled. */
export async function countedBy(trial: Trial, compressibility: number): Promise<Counted> {
  return {
    bytesWritten: trial.evidence.bytesWritten(),
    allocated: await trial.evidence.allocated(),
    imageBytes: bytesOf(trial.evidence.manifest.values()),
    compression: trial.evidence.compresses ? compressibility : 1,
  }
}

/** Returns the bytes of all files, of one with several names once. */
function bytesOf(entries: Iterable<ManifestEntry>): number {
  let bytes = 0
  for (const { path, size, firstName = path } of entries) if (firstName === path) bytes += size
  return bytes
}

/** `witness.mechanism`: what was seen cannot come from a driver that does as it says. */
export function disagreement(evidence: Evidence, claim: string) {
  const { path, cowUnit, size, before, after, bytesWritten, allocated } = evidence
  return contradiction(
    'mechanism',
    `${path} (${size} bytes, copied by ${cowUnit}): claimed that ${claim}; seen before: ${describe(before)}, ` +
      `after: ${describe(after)}, ${bytesWritten} bytes written at the device, ${allocated} allocated in the store`,
  )
}

function describe({ layer, sharedBytes, exclusiveBytes }: Provenance): string {
  return `${layer}, ${sharedBytes ?? 'unknown'} shared, ${exclusiveBytes ?? 'unknown'} exclusive`
}
