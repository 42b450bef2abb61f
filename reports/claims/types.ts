/** A claim: what a text says of storage drivers, what tests it, and how the measurement is judged. */
import type { ClaimPart, ClaimRow, ClaimVerdict } from '../../harness/contracts/claims.ts'
import type { Look } from './look.ts'

export interface Claim {
  /** Unique, fit for a command line and an HTML id. */
  id: string
  /** The source's sentence in our words. */
  says: string
  source: ClaimRow['source']
  parts: readonly ClaimPart[]
  /**
   * Judges what was measured. Called twice: before anything is compared, to learn which comparisons it makes, and with their answers. So
   * it makes the same comparisons whatever they say. What it looks for and is not there ends it, as not testable.
   */
  judge(look: Look): Judged
}

export interface Judged {
  verdict: ClaimVerdict
  /** Condition that has to hold, where the verdict is `only-if`. */
  condition?: string
  /** The figures, in a sentence. */
  text: string
}
