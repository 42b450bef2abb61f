import { differenceSentences } from '../compare/fingerprints.ts'
import { isEmulated } from '../format/host-line.ts'
import { joinList, plural } from '../format/format.ts'
import { groupBy } from '../summary/group-by.ts'
import { answersOf } from '../verdict/answers.ts'
import { matrixOf } from '../verdict/matrix.ts'
import type { Sentence } from '../verdict/sentence.ts'
import type { FleetSummary, MeasuredHost } from './types.ts'

/** Returns the sentences to read before any figure of a fleet. */
export function fleetSentences(summary: FleetSummary): Sentence[] {
  return [
    ...notAll(summary),
    ...emulated(summary.measured),
    // The table of differences has the values of all.
    ...differenceSentences(summary.differences, 1).map((text) => sentence('alarm', text)),
    ...bestWhere(summary.measured),
    ...(summary.measured.length > 1
      ? [sentence('overview', 'Each host stands by itself: no figure is taken over several hosts.')]
      : []),
  ]
}

function notAll({ hosts }: FleetSummary): Sentence[] {
  const lost = hosts.filter(({ state }) => state !== 'completed')
  if (lost.length === 0) return []
  const states = [...groupBy(lost, ({ state }) => state)].map(
    ([state, own]) => `${joinList(own.map(({ name }) => name))} ${STATE_WORDS[state] ?? state}`,
  )
  const completed = `${hosts.length - lost.length} of ${plural(hosts.length, 'host')} completed`
  return [sentence('caution', `${completed}: ${joinList(states)}.`)]
}

const STATE_WORDS: Readonly<Record<string, string>> = {
  pending: 'did not begin',
  preparing: 'was being made ready',
  running: 'is still measuring',
  failed: 'failed',
  interrupted: 'was interrupted',
  unreachable: 'cannot be reached',
}

function emulated(measured: readonly MeasuredHost[]): Sentence[] {
  const slow = measured.filter(({ summary }) => isEmulated(summary.run.host))
  return [...groupBy(slow, ({ summary }) => summary.run.host.virtualization)].map(([kind, own]) =>
    sentence('alarm', `${joinList(own.map(({ name }) => name))}: ${kind}: compare only within the VM.`),
  )
}

/** Says for each question which configuration is best on which host. */
function bestWhere(measured: readonly MeasuredHost[]): Sentence[] {
  const answers = measured.flatMap(({ name, summary }) =>
    answersOf(matrixOf(summary), summary).flatMap(({ subject, question, best, isSoFar }) =>
      best === null ? [] : [{ name, subject, scenario: question.scenario, best, isSoFar }],
    ),
  )
  return [...groupBy(answers, ({ subject }) => subject)].map(([subject, own]) => {
    const parts = [...groupBy(own, ({ best, isSoFar }) => `${best} is best${isSoFar ? ' so far' : ''}`)].map(
      ([what, hosts]) => `${what} on ${joinList(hosts.map(({ name }) => name))}`,
    )
    return { ...sentence('finding', `${subject}: ${parts.join('; ')}.`), scenario: own[0]?.scenario ?? null }
  })
}

function sentence(tone: Sentence['tone'], text: string): Sentence {
  return { tone, scenario: null, text }
}
