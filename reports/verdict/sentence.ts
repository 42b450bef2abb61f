/** A plain sentence about a run, and what it is. */
export interface Sentence {
  /**
   * `state`: the run did not come to its end. `alarm`: to be read before any figure. `overview`: how the comparisons came
   * out. `finding`: what was measured. `note`: what else to know. `caution`: what keeps it from being believed whole.
   */
  tone: 'state' | 'alarm' | 'overview' | 'finding' | 'note' | 'caution'
  /** The scenario it speaks of; null for the whole run. */
  scenario: string | null
  text: string
}
