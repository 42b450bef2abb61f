import { formatCount, formatPercent, formatValue, NOTHING, plural } from '../../../format/format.ts'
import type { DelayedFlushes, DelayFound, Rate, Validation } from '../../../summary/validation-types.ts'

/** View of comparing configurations with their equals, as a table. */
export interface ValidationView {
  note: string
  alike: readonly { what: string; trials: string; rate: string; interval: string }[]
  /** Rounds of a trial, as columns: those that some delay was looked for in. */
  sizes: readonly string[]
  delays: readonly {
    what: string
    delay: string
    means: string
    trials: string
    rate: string
    interval: string
    shares: readonly string[]
    all: string
    detectable: string
  }[]
}

/** Null for a run that compares nothing with its equal. */
export function validationView(validation: Validation | null): ValidationView | null {
  if (validation === null) return null
  const { headlines, phases, delays, trialRounds } = validation
  const sizes = [...new Set(delays.flatMap(({ byRounds }) => byRounds.map(({ rounds }) => rounds)))]
  return {
    note:
      `A trial is ${trialRounds} successive rounds, judged alone at 5 %. The columns of more rounds are shares of 1,000 ` +
      'random subsets of the run’s rounds, half of them at most. Phases of one sample are not independent of each other, ' +
      'so their interval is narrower than it should be.',
    alike: [alikeRow('Headlines', headlines), alikeRow('All timed phases', phases)],
    sizes: sizes.map(formatCount),
    delays: delays.map((found) => delayRow(found, sizes)),
  }
}

function alikeRow(what: string, rate: Rate): ValidationView['alike'][number] {
  return { what, ...rateTexts(rate) }
}

function delayRow(found: DelayFound, sizes: readonly number[]): ValidationView['delays'][number] {
  const shareAt = (size: number) => found.byRounds.find(({ rounds }) => rounds === size)?.share
  return {
    what: `${found.configuration}, ${found.label}`,
    delay: formatPercent(found.delay),
    means: found.flushes === null ? 'within the phases' : `dm-delay, ${flushesText(found.flushes)}`,
    ...rateTexts(found.found),
    shares: sizes.map((size) => {
      const share = shareAt(size)
      return share === undefined ? NOTHING : formatPercent(share)
    }),
    all: `${found.inAll ? 'found' : 'not found'} (${formatCount(found.rounds)})`,
    detectable: found.detectable === null ? NOTHING : formatPercent(found.detectable),
  }
}

/** `2 flushes × 7.31 ms`. */
function flushesText({ count, seconds }: DelayedFlushes): string {
  return `${plural(count, 'flush', 'flushes')} × ${formatValue(seconds, 's')}`
}

function rateTexts({ found, trials, rate, low, high }: Rate): {
  trials: string
  rate: string
  interval: string
} {
  return {
    trials: formatCount(trials),
    rate: trials === 0 ? NOTHING : `${formatPercent(rate)} (${formatCount(found)})`,
    interval: `${formatPercent(low)} – ${formatPercent(high)}`,
  }
}
