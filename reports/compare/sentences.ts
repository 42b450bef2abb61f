import { formatShare, joinList, plural } from '../format/format.ts'
import { acceptedText } from '../format/accepted.ts'
import { formatInjected } from '../format/injected.ts'
import type { Summary } from '../summary/types.ts'
import type { Sentence } from '../verdict/sentence.ts'
import { isYardstick } from './gate.ts'
import { undecidedLines } from './undecided.ts'
import { type Comparison, isComparable, isImprovement, isRegression, outcomeOf, WITH_HOST } from './types.ts'

/** Returns the sentences about the comparison as a whole; `regressionLines` returns the regressions themselves. */
export function comparisonSentences(comparison: Comparison): Sentence[] {
  return [
    ...(isComparable(comparison) ? overview(comparison) : sideBySide(comparison)),
    ...crossed(comparison),
    ...accepted(comparison),
    ...onPurpose(comparison),
    ...controls(comparison),
    ...unfinished(comparison),
    ...notInBoth(comparison),
  ]
}

function sideBySide({ incomparableReasons, differences, across }: Comparison): Sentence[] {
  const text = 'The two runs are shown side by side; their figures are not compared.'
  const parts = new Set(differences.flatMap(({ part }) => part ?? []))
  const hint =
    parts.size === 0 || across.length > 0
      ? []
      : [`bench compare --across ${[...parts].join(',')} judges them although they differ in that.`]
  return [...incomparableReasons, text, ...hint].map((reason) => sentence('alarm', reason))
}

/** Returns what was declared to differ, and what that means for the judgement. */
function crossed({ across, equal, judgedBy }: Comparison): Sentence[] {
  const parts = across.map(({ part, baseline, candidate }) => `${part} (${baseline} → ${candidate})`)
  const ratios =
    'Figures of different or emulated hardware are shown, and not compared: judged are counters, mechanisms, and the ratios ' +
    'of each run to its own control.'
  return [
    ...(parts.length === 0 ? [] : [sentence('note', `Declared to differ: ${joinList(parts)}.`)]),
    ...(judgedBy === 'ratios' ? [sentence('caution', ratios)] : []),
    ...(equal.length === 0
      ? []
      : [sentence('note', `Declared to differ, but equal in both runs: ${joinList(equal)}.`)]),
  ]
}

/** Outcomes that are neither a regression nor an improvement. */
const OUTCOMES = [WITH_HOST, 'changed by less', 'about the same', 'not known yet'] as const

function overview(comparison: Comparison): Sentence[] {
  const { cells, threshold } = comparison
  const [worse, better] = [cells.filter(isRegression).length, cells.filter(isImprovement).length]
  const isUndecided = worse === 0 && undecidedLines(comparison).length > 0
  const counts = OUTCOMES.map((outcome) => {
    const count = cells.filter((cell) => outcomeOf(cell) === outcome).length
    return count === 0 ? '' : `${count} ${outcome}`
  })
  const unjudged = cells.filter(({ ratio, changes }) => ratio === null && changes.length === 0)
  const yardsticks = unjudged.filter((cell) => isYardstick(cell, comparison)).length
  const silent = unjudged.length - yardsticks
  const nothing = silent === 0 ? [] : [`${silent} without samples of both`]
  const parts = [
    worse > 0 ? plural(worse, 'regression') : isUndecided ? 'no regression is shown' : 'no regression',
    ...(better === 0 ? [] : [plural(better, 'improvement')]),
    ...counts.filter((part) => part !== ''),
    ...(yardsticks === 0 ? [] : [`${plural(yardsticks, 'control')} whose figures are not compared`]),
    ...nothing,
  ]
  const judged = `${plural(cells.length, 'cell')} compared, threshold ${formatShare(threshold)}: ${joinList(parts)}.`
  const text = isUndecided
    ? `${judged} Undecided: not every cell could be judged.`
    : worse > 0
      ? judged
      : `${judged} Each cell is shown to be worse by at most its threshold.`
  return [sentence(worse > 0 ? 'alarm' : isUndecided ? 'caution' : 'overview', text)]
}

/** Says which of the runs was accepted as a baseline, and why. */
function accepted({ baseline, candidate }: Comparison): Sentence[] {
  const runs = [
    ['baseline', baseline],
    ['candidate', candidate],
  ] as const
  return runs.flatMap(([name, summary]) =>
    summary.accepted == null
      ? []
      : [sentence('note', `The ${name} ${summary.run.id} was ${acceptedText(summary.accepted)}`)],
  )
}

/** Returns what was done on purpose, in either run, to make figures worse. */
function onPurpose({ baseline, candidate }: Comparison): Sentence[] {
  const runs = [
    ['baseline', baseline],
    ['candidate', candidate],
  ] as const
  return runs.flatMap(([name, { run }]) => {
    const delays = Object.entries(run.options.injected).map(
      ([configuration, injected]) => `${configuration} ${formatInjected(injected)}`,
    )
    return [
      ...(delays.length === 0
        ? []
        : [sentence('alarm', `Delay injected on purpose in the ${name}: ${joinList(delays)}.`)]),
      ...(run.options.load === 'none'
        ? []
        : [sentence('alarm', `In the ${name} a second process disturbed the disk on purpose.`)]),
    ]
  })
}

/** A control has no driver in it: when it moves, the host did. */
function controls({ cells }: Comparison): Sentence[] {
  const moved = cells.filter(
    ({ candidate, ratio }) =>
      candidate.driver.role === 'control' && ['regression', 'improvement'].includes(ratio?.verdict ?? ''),
  )
  if (moved.length === 0) return []
  const names = [...new Set(moved.map(({ candidate }) => candidate.cell.configuration))]
  const text =
    `${joinList(names)}: the control moved, too, and there is no driver in it. ` +
    `The host may have changed, or other work on it: compare ÷ control of both runs.`
  return [sentence('caution', text)]
}

function unfinished({ baseline, candidate }: Comparison): Sentence[] {
  const runs: [string, Summary][] = [
    ['baseline', baseline],
    ['candidate', candidate],
  ]
  return runs
    .filter(([, { run }]) => run.state !== 'completed')
    .map(([name, { run }]) =>
      sentence('caution', `The ${name} is a run that is ${run.state}: it holds what there is.`),
    )
}

function notInBoth({ onlyBaseline, onlyCandidate }: Comparison): Sentence[] {
  const parts = [
    ...(onlyBaseline.length === 0 ? [] : [`${plural(onlyBaseline.length, 'cell')} of the baseline`]),
    ...(onlyCandidate.length === 0 ? [] : [`${plural(onlyCandidate.length, 'cell')} of the candidate`]),
  ]
  return parts.length === 0 ? [] : [sentence('note', `Not in both runs: ${joinList(parts)}.`)]
}

function sentence(tone: Sentence['tone'], text: string): Sentence {
  return { tone, scenario: null, text }
}
