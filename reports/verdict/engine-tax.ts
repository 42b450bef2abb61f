/** Sentences about engines, and what else is not as one believes: what they add, what they mount otherwise, what is emulated. */
import { answerText, type RoundTime } from '../format/answer.ts'
import { formatAtLeast, formatRatio, formatRatioInterval, formatValue, joinList } from '../format/format.ts'
import type { AimedRatio, EngineTax, PhaseTax } from '../summary/figures.ts'
import { groupBy } from '../summary/group-by.ts'
import type { CellSummary, Panel, Summary } from '../summary/types.ts'
import type { Sentence } from './sentence.ts'

/** Phases in one sentence, those that add most first. */
const MOST_PHASES = 3

/**
 * Returns what is to be read before any figure: which engines silently used something else than they were asked for, how an engine's
 * mounts differ from what the driver without it mounts, and what was emulated. Drivers give such errors and warnings codes that
 * begin with `engine.`, scenarios such that end with `.emulated`.
 */
export function describeWarningsOfFigures({ cells, samples }: Summary): Sentence[] {
  const ended = samples.completed === 0 ? [] : cells.filter(isFallback)
  const fallbacks = [...groupBy(ended, ({ reason }) => reason)].map(
    ([reason, own]) => `${reason}: ${joinList([...new Set(own.map(nameOf))])} was not measured`,
  )
  const messages = cells.flatMap(({ warnings }) =>
    warnings
      .filter(({ code }) => isOfEngine(code) || code.endsWith('.emulated'))
      .map(({ message }) => message),
  )
  const texts = [...new Set([...fallbacks, ...messages])]
  return texts.map((text) => ({ tone: 'alarm', scenario: null, text: `${text}.` }))
}

/** Tells whether a cell ended since its engine used something else than it was asked for. */
export function isFallback({ code }: Pick<CellSummary, 'code'>): boolean {
  return code !== null && isOfEngine(code)
}

function isOfEngine(code: string): boolean {
  return code.startsWith('engine.')
}

function nameOf({ cell }: CellSummary): string {
  return cell.configuration
}

/** Returns a sentence for each configuration through an engine, at the largest parameters. */
export function describeEngineTax({ biggest, scenario }: Panel, time: RoundTime): Sentence[] {
  return biggest.flatMap(({ cell, headline, engineTax }) => {
    if (engineTax === null || headline === null) return []
    const whole = engineTax.phases.find(({ phase }) => phase === headline.phase)
    const parts = [
      ...(whole === undefined ? [] : [besideText(whole.ratio, engineTax, time)]),
      ...dearest(engineTax, whole).map(phaseText),
    ]
    if (parts.length === 0) return []
    const about = [scenario.title.toLowerCase(), cell.label, cell.cache === 'cold' ? 'cold cache' : '']
    const words = about.filter((part) => part !== '').join(', ')
    const text = `Engine tax of ${cell.configuration} (${words}): ${parts.join('; ')}.`
    return [{ tone: 'finding', scenario: scenario.id, text }]
  })
}

/** `about the same as overlay2@ext4 (0.99×, 0.97 – 1.02)`. */
function besideText(ratio: AimedRatio, { configuration }: EngineTax, time: RoundTime): string {
  const interval =
    ratio.low === null || ratio.high === null ? '' : `, ${formatRatioInterval(ratio.low, ratio.high)}`
  const figures = `${formatRatio(ratio.ratio)}${interval}`
  const { answer } = ratio
  switch (answer.is) {
    case 'same':
      return `about the same as ${configuration} (${figures})`
    case 'open':
      return `${answerText(ratio, time)} beside ${configuration} (${figures})`
    default:
      return `at least ${formatAtLeast(answer.atLeast)} ${answer.is} than ${configuration} (${figures})`
  }
}

/** Returns the phases that take longer through the engine, those that add most seconds first. */
function dearest({ phases }: EngineTax, whole: PhaseTax | undefined): PhaseTax[] {
  const added = ({ through, without }: PhaseTax) => (through ?? 0) - (without ?? 0)
  return phases
    .filter((one) => one !== whole && one.phase.sum === undefined && one.phase.unit === 's')
    .filter(({ ratio }) => ratio.answer.is === 'dearer')
    .toSorted((a, b) => added(b) - added(a))
    .slice(0, MOST_PHASES)
}

/** `prepare takes 11 ms instead of 1.2 ms, at least 4.1× dearer`. */
function phaseText({ phase, through, without, ratio: { answer } }: PhaseTax): string {
  const atLeast = 'atLeast' in answer ? [`at least ${formatAtLeast(answer.atLeast)} ${answer.is}`] : []
  const times = `${phase.id} takes ${formatValue(through, 's')} instead of ${formatValue(without, 's')}`
  return [times, ...atLeast].join(', ')
}
