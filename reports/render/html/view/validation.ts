import { formatCount, formatPercent, formatValue, NOTHING, plural } from '../../../format/format.ts'
import type { DelayedFlushes, DelayFound, Rate, Validation } from '../../../summary/validation-types.ts'

/** View of comparing configurations with their equals, as a table. */
export interface ValidationView {
  note: string
  alike: readonly { what: string; trials: string; rate: string; interval: string }[]
  /** Rounds of a trial, as columns. */
  trialSizes: readonly string[]
  /** Rounds of the random subsets that some delay was looked for in, as columns. */
  sizes: readonly string[]
  delays: readonly {
    what: string
    delay: string
    means: string
    /** Shares of trials by the answers, of each number of rounds. */
    answered: readonly string[]
    byRanks: string
    shares: readonly string[]
    all: string
    detectable: string
  }[]
}

/** Null for a run that compares nothing with its equal. */
export function validationView(validation: Validation | null): ValidationView | null {
  if (validation === null) return null
  const { alike, phases, delays } = validation
  const sizes = [...new Set(delays.flatMap(({ byRounds }) => byRounds.map(({ rounds }) => rounds)))]
  return {
    note:
      'A trial is that many successive rounds. Answers are given to all headlines of a trial together, as a report gives them; ' +
      'a test judges each headline alone, at 5 %. The columns of more rounds are shares of 1,000 ' +
      'random subsets of the run’s rounds by the signed-rank test, half of the rounds at most. Phases of one sample are not ' +
      'independent of each other, so their interval is narrower than it should be.',
    alike: [
      ...alike.flatMap(({ rounds, together, byModel, byRanks }) => [
        alikeRow(`Any headline, by the answers to ${rounds} rounds`, together),
        alikeRow(`A headline, by the moderated test of ${rounds} rounds`, byModel),
        alikeRow(`A headline, by the signed-rank test of ${rounds} rounds`, byRanks),
      ]),
      alikeRow(`A timed phase, by the signed-rank test of ${alike.at(-1)?.rounds ?? 0} rounds`, phases),
    ],
    trialSizes: alike.map(({ rounds }) => formatCount(rounds)),
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
    answered: found.trials.map(({ answered }) => rateText(answered)),
    byRanks: rateText(found.trials.at(-1)?.byRanks),
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

function rateTexts(rate: Rate): { trials: string; rate: string; interval: string } {
  return {
    trials: formatCount(rate.trials),
    rate: rateText(rate),
    interval: `${formatPercent(rate.low)} – ${formatPercent(rate.high)}`,
  }
}

/** `45 % (9 of 20)`. */
function rateText(rate: Rate | undefined): string {
  if (rate === undefined || rate.trials === 0) return NOTHING
  return `${formatPercent(rate.rate)} (${formatCount(rate.found)} of ${formatCount(rate.trials)})`
}
