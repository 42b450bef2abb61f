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
  /** Rate in trials of the minimum number of rounds of a run. */
  found: Rate
  /** Found in the whole run as one trial. */
  inAll: boolean
  /** By rounds of a trial, ascending, from random subsets of the rounds. */
  byRounds: readonly { rounds: number; share: number }[]
  /** Smallest difference that these rounds find with power 0.8; null where there are too few. */
  detectable: number | null
}

/** Results of comparing configurations with their equals. */
export interface Validation {
  /** Rounds of a trial. */
  trialRounds: number
  /** Differences found between a configuration and its equal, where there are none: of headlines. */
  headlines: Rate
  /** The same of every phase that the report compares; phases of a sample are not independent of each other. */
  phases: Rate
  delays: readonly DelayFound[]
}
