import { formatPercent, formatValue, joinList, plural } from '../format/format.ts'
import type { Summary } from '../summary/types.ts'
import type { DelayFound, Rate, Validation } from '../summary/validation-types.ts'
import type { Sentence } from './sentence.ts'

/** Whether differences were seen that are there, and none that are not: of runs that compare a thing with its equal. */
export function describeValidation({ validation }: Summary): Sentence[] {
  if (validation === null) return []
  return [
    falseAlarms(validation),
    ...validation.delays
      .filter(({ trials }) => trials.some(({ answered }) => answered.trials > 0))
      .map(describeDelay),
  ]
}

function falseAlarms({ alike }: Validation): Sentence {
  const some = alike.filter(({ together }) => together.trials > 0)
  const rates = some.map(
    ({ rounds, together }) => `${describeRate(together, rounds)} ${intervalOf(together)}`,
  )
  const text =
    some.length === 0
      ? 'No trial compared a configuration with its equal.'
      : `False alarms: a configuration was told from its equal, where there is no difference, in ${joinList(rates)}.`
  return { tone: 'overview', scenario: null, text }
}

function describeDelay({
  configuration,
  scenario,
  label,
  delay,
  flushes,
  rounds,
  trials,
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
  const rates = trials
    .filter(({ answered }) => answered.trials > 0)
    .map((trial) => describeRate(trial.answered, trial.rounds))
  const text =
    `${configuration}, ${label}: a delay of ${formatPercent(delay)}, ${means}, was found in ${joinList(rates)}; ` +
    `all ${rounds} rounds together ${whole} it${limit}.`
  return { tone: 'note', scenario, text }
}

/** `3 of 60 trials of 5 rounds`. */
function describeRate({ found, trials }: Rate, rounds: number): string {
  return `${found} of ${plural(trials, 'trial')} of ${rounds} rounds`
}

/** `(1.7 – 14 %)`. */
function intervalOf({ low, high }: Rate): string {
  return `(${formatPercent(low)} – ${formatPercent(high)})`
}
