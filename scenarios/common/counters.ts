/** Whether the counters of the device and of the store agree with a mechanism: what it must have moved, and must not. */
import type { Mechanism } from '../../harness/contracts/witness.ts'
import { disagreement, type Counted, type Evidence } from './evidence.ts'
import { COUNTABLE, LARGE, NOT_WHOLE, SMALL_CHANGE, WHOLE } from './thresholds.ts'
import { contradiction } from './witness.ts'

/** Throws `witness.mechanism` when a counter contradicts the mechanism; null: it could not be told. */
export function requireCounters(mechanism: Mechanism | null, evidence: Evidence): void {
  requireWritten(evidence.rewritten, evidence)
  if (mechanism === 'copied-up') requireCopy(evidence)
  // A full copy is written at prepare, within the trial.
  else if (evidence.cowUnit === 'none') requireFullCopy(evidence)
  else if (mechanism !== null) requireNoCopy(mechanism, evidence)
}

/** Throws `witness.mechanism` when fewer than `bytes` bytes, which were made durable, reached the device. */
export function requireWritten(bytes: number, { bytesWritten, compression }: Counted): void {
  if (bytesWritten >= (WHOLE * bytes) / compression) return
  throw contradiction(
    'mechanism',
    `only ${bytesWritten} bytes reached the device, but ${bytes} were made durable`,
  )
}

function requireCopy(evidence: Evidence): void {
  const { size, files, bytesWritten, allocated, compression } = evidence
  if (size * files < COUNTABLE) return
  const least = (WHOLE * size * files) / compression
  if (bytesWritten < least) throw disagreement(evidence, 'the device saw the copy')
  if (size >= COUNTABLE && allocated < least) throw disagreement(evidence, 'the store holds the copy')
}

/** A copy by clones has written nothing, and shows its extents as shared. */
function requireFullCopy(evidence: Evidence): void {
  const { before, imageBytes, bytesWritten, allocated, compression } = evidence
  const cloned = before.sharedBytes !== 0 || before.exclusiveBytes === 0
  if (cloned) return
  if (bytesWritten < (WHOLE * imageBytes) / compression) {
    throw disagreement(evidence, `the device saw the copy of the image (${imageBytes} bytes)`)
  }
  // Small files that lie inline are not counted among the blocks in use.
  if (allocated < (NOT_WHOLE * imageBytes) / compression) {
    throw disagreement(evidence, `the store holds the copy of the image (${imageBytes} bytes)`)
  }
}

function requireNoCopy(mechanism: Mechanism, evidence: Evidence): void {
  const { size, rewritten, bytesWritten, allocated } = evidence
  if (size < LARGE || rewritten > SMALL_CHANGE) return
  if (bytesWritten >= NOT_WHOLE * size) {
    throw disagreement(evidence, `the device saw little of the file (${mechanism})`)
  }
  if (allocated >= NOT_WHOLE * size) {
    throw disagreement(evidence, `the store grew by little of the file (${mechanism})`)
  }
}
