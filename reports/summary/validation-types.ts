/** Results of comparing configurations with their equals. */
import type { Detections } from '../../harness/statistics/detection.ts'

/** How often a difference was found, with the interval of that probability. */
export interface Rate extends Detections {
  rate: number
  low: number
  high: number
}

/** Effect of dm-delay within the headline. */
export interface DelayedFlushes {
  /** Flushes that it delayed, median over the samples. */
  count: number
  /** Seconds by which each took longer, as measured. */
  seconds: number
}

/** A configuration against its equal, with a known delay. */
export interface DelayFound {
  configuration: string
  scenario: string
  label: string
  /** The true difference: 0.05 is 5 %. Of delayed flushes what they add up to, as a share of the equal's median. */
  delay: number
  /** Delayed flushes; null for a delay within the phases. */
  flushes: DelayedFlushes | null
  /** Rounds that both were measured in. */
  rounds: number
  /** By rounds of a trial, ascending. */
  trials: readonly DelayTrials[]
  /** Found in the whole run as one trial. */
  inAll: boolean
  /** By rounds of a trial, ascending, from random subsets of the rounds. */
  byRounds: readonly { rounds: number; share: number }[]
  /** Smallest difference that these rounds find with power 0.8; null where there are too few. */
  detectable: number | null
}

/** How often a delay was found in trials of this number of rounds. */
export interface DelayTrials {
  rounds: number
  /** By the signed-rank test alone. */
  byRanks: Rate
  /** By the answers to all comparisons of the trial together. */
  answered: Rate
}

/** How often a difference was found between configurations and their equals, in trials of this number of rounds. */
export interface AlikeTrials {
  rounds: number
  /** Headlines, by the signed-rank test of each alone, at 5 %. */
  byRanks: Rate
  /** Headlines, by the moderated test of each, at 5 %. */
  byModel: Rate
  /** Trials with any false difference among the answers that are given together. */
  together: Rate
}

/** Results of comparing configurations with their equals. */
export interface Validation {
  /** By rounds of a trial, ascending. */
  alike: readonly AlikeTrials[]
  /**
   * Differences found in every phase that the report compares, by the signed-rank test, in the longest trials; phases of a
   * sample are not independent of each other.
   */
  phases: Rate
  delays: readonly DelayFound[]
}
