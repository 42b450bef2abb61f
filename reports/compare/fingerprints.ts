/** Differences between two hosts, or between one host at two times. */
import type { Fingerprint } from '../../harness/contracts/fingerprint.ts'
import { type Fact, factsOf } from '../../harness/contracts/fingerprint-facts.ts'
import { joinList, NOTHING } from '../format/format.ts'

/** A fact that is not the same everywhere. */
export interface Difference extends Pick<Fact, 'part' | 'name' | 'kinds'> {
  /** Values in the order of the hosts; `–` where a value is unknown or missing. */
  values: readonly string[]
}

/** Everything that is not the same on all of these hosts. */
export function differencesBetween(hosts: readonly Fingerprint[]): Difference[] {
  return factsOf(hosts)
    .map(({ of, ...fact }) => ({ ...fact, values: hosts.map((host) => of(host) ?? NOTHING) }))
    .filter(({ values }) => new Set(values).size > 1)
}

/**
 * `Different kernels: 6.1.0 and 6.12.9.`, each of the first `most` that bar a comparison in a sentence with its values,
 * the rest by name in one more. Empty where nothing does.
 */
export function differenceSentences(differences: readonly Difference[], most = 4): string[] {
  const bars = differences.filter(({ part }) => part !== null)
  const rest = bars.slice(most).map(({ name }) => name)
  return [
    ...bars.slice(0, most).map(({ kinds, values }) => `Different ${kinds}: ${valuesText(values)}.`),
    ...(rest.length === 0 ? [] : [`Different, too: ${joinList(shortened(rest))}.`]),
  ]
}

/** Two kernels may differ in dozens of options; the table below the sentences has them all. */
const MOST_NAMES = 8

function shortened(names: readonly string[]): readonly string[] {
  const more = names.length - MOST_NAMES
  return more <= 1 ? names : [...names.slice(0, MOST_NAMES), `${more} more`]
}

function valuesText(values: readonly string[]): string {
  return joinList([...new Set(values)].map((value) => (value === NOTHING ? 'not known' : value)))
}
