import { formatPercent, formatValue, plural } from '../format/format.ts'
import type { Summary } from '../summary/types.ts'
import type { DelayFound, Rate, Validation } from '../summary/validation-types.ts'
import type { Sentence } from './sentence.ts'

/** Whether differences were seen that are there, and none that are not: of runs that compare a thing with its equal. */
export function describeValidation({ validation }: Summary): Sentence[] {
  if (validation === null) return []
  return [
    falseAlarms(validation),
    ...validation.delays.filter(({ found }) => found.trials > 0).map(describeDelay),
  ]
}

function falseAlarms({ headlines, phases, trialRounds }: Validation): Sentence {
  const text =
    headlines.trials === 0
      ? `No trial of ${trialRounds} rounds compared a configuration with its equal.`
      : `False alarms: ${describeRate(headlines)} of ${trialRounds} rounds found a difference between a ` +
        `configuration and its equal, where there is none; of all phases ${describeRate(phases)}.`
  return { tone: 'overview', scenario: null, text }
}

function describeDelay({
  configuration,
  scenario,
  label,
  delay,
  flushes,
  rounds,
  found,
  inAll,
  detectable,
}: DelayFound): Sentence {
  const whole = inAll ? 'found' : 'did not find'
  const means =
    flushes === null
      ? 'made within the phases'
      : `made by dm-delay in ${plural(flushes.count, 'flush', 'flushes')} of ${formatValue(flushes.seconds, 's')} each`
  const limit =
    detectable === null ? '' : `; ${rounds} rounds find ${formatPercent(detectable)} with power 0.8`
  const text =
    `${configuration}, ${label}: a delay of ${formatPercent(delay)}, ${means}, was found in ${describeRate(found)}; ` +
    `all ${rounds} rounds together ${whole} it${limit}.`
  return { tone: 'note', scenario, text }
}

/** `3 of 60 trials, 5.0 % (1.7 – 14 %)`. */
function describeRate({ found, trials, rate, low, high }: Rate): string {
  return `${found} of ${trials} trials, ${formatPercent(rate)} (${formatPercent(low)} – ${formatPercent(high)})`
}
