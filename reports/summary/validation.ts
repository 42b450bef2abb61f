import type { Injected } from '../../harness/contracts/options.ts'
import type { Run } from '../../harness/contracts/run.ts'
import { detectableEffect } from '../../harness/statistics/detectable-effect.ts'
import { inSubsets, inTrials, type Detections } from '../../harness/statistics/detection.ts'
import { pairedRatio } from '../../harness/statistics/paired-ratio.ts'
import { wilsonInterval } from '../../harness/statistics/proportion.ts'
import { median } from '../../harness/statistics/quantile.ts'
import { generator } from '../../harness/statistics/random.ts'
import { judgeTrials, type TrialFinding } from '../../harness/statistics/trials.ts'
import { additivePhases } from './phases.ts'
import type { CellCollector, PhaseColumns } from './collector.ts'
import type { AlikeTrials, DelayFound, DelayTrials, Rate, Validation } from './validation-types.ts'

/** Rounds of a trial: the fewest that are answered, the least of a standard run, and enough for the ranks. */
const TRIAL_ROUNDS = [3, 5, 10] as const
const LONGEST_TRIAL = 10
/** Rounds of the random subsets, for trials that a run has too few of. */
const SUBSETS_OF = [20, 40, 80, 160]

/** Null for a run that compares nothing with its equal. */
export function validationOf(run: Run, collectors: ReadonlyMap<string, CellCollector>): Validation | null {
  const pairs: Pair[] = [...collectors.values()].flatMap((cell) => {
    const control = collectors.get(cell.cell.control ?? '')
    return control !== undefined && cell.cell.configuration.startsWith(`${control.cell.configuration}#`)
      ? [{ cell, control, delay: run.options.injected[cell.cell.configuration] ?? null }]
      : []
  })
  if (pairs.length === 0) return null
  const sizes = TRIAL_ROUNDS.map((rounds) => ({ rounds, trials: trialsOf(pairs, rounds, run.options.same) }))
  return {
    alike: sizes.map(({ rounds, trials }) => alikeTrials(rounds, trials)),
    phases: rateOf(
      pairs
        .filter(({ delay }) => delay === null)
        .flatMap(({ cell, control }) =>
          comparedIds(cell).map((id) => inTrials(logRatios(cell, control, id), LONGEST_TRIAL, 'any')),
        ),
    ),
    delays: pairs.flatMap((pair) => delayFound(pair, sizes)),
  }
}

/** Returns how many trials were judged: with none, the validation has no answer. */
export function countTrials({ alike, delays }: Validation): number {
  const rates = [
    ...alike.map(({ together }) => together),
    ...delays.flatMap(({ trials }) => trials.map(({ answered }) => answered)),
  ]
  return rates.reduce((count, { trials }) => count + trials, 0)
}

interface Pair {
  cell: CellCollector
  control: CellCollector
  /** Null where the two are equal. */
  delay: Injected | null
}

/** One trial: what was found of each headline that was compared in it. */
type Trial = ReadonlyMap<Pair, TrialFinding>

interface TrialSize {
  rounds: number
  trials: readonly Trial[]
}

function trialsOf(pairs: readonly Pair[], rounds: number, same: number): Trial[] {
  const compared = pairs.flatMap((pair) => {
    const headline = pair.cell.headline?.phase.id
    return headline === undefined ? [] : [{ pair, logs: logRatios(pair.cell, pair.control, headline) }]
  })
  const judged = judgeTrials(
    compared.map(({ logs }) => logs),
    rounds,
    same,
  )
  return judged.map(
    (findings) =>
      new Map(findings.map((finding, index) => [(compared[index] as { pair: Pair }).pair, finding])),
  )
}

function alikeTrials(rounds: number, trials: readonly Trial[]): AlikeTrials {
  const alike = trials
    .map((trial) => [...trial].flatMap(([{ delay }, finding]) => (delay === null ? [finding] : [])))
    .filter(({ length }) => length > 0)
  const each = alike.flat()
  return {
    rounds,
    byRanks: rate(each.map(({ byRanks }) => byRanks)),
    byModel: rate(each.map(({ byModel }) => byModel)),
    together: rate(
      alike.map((findings) => findings.some(({ answer }) => answer === 'dearer' || answer === 'cheaper')),
    ),
  }
}

function delayFound(pair: Pair, sizes: readonly TrialSize[]): DelayFound[] {
  const { configuration, scenario, label } = pair.cell.cell
  const { headline } = pair.cell
  if (pair.delay === null || headline === null || headline.phase.unit !== 's') return []
  const size =
    typeof pair.delay === 'number' ? shareOfPhase(headline, pair.delay) : shareOfFlushes(pair, pair.delay)
  if (size === null) return []
  const logs = logRatios(pair.cell, pair.control, headline.phase.id)
  const random = generator(1)
  return [
    {
      configuration,
      scenario,
      label,
      ...size,
      rounds: logs.length,
      trials: sizes.map(({ rounds, trials }) => delayTrials(pair, rounds, trials)),
      inAll: inTrials(logs, logs.length, 'slower').found === 1,
      byRounds: SUBSETS_OF.flatMap((rounds) => {
        const share = inSubsets(logs, rounds, 'slower', random)
        return share === null ? [] : [{ rounds, share }]
      }),
      detectable: detectableEffect(logs),
    },
  ]
}

function delayTrials(pair: Pair, rounds: number, trials: readonly Trial[]): DelayTrials {
  const own = trials.flatMap((trial) => trial.get(pair) ?? [])
  return {
    rounds,
    byRanks: rate(own.map(({ byRanks }) => byRanks)),
    answered: rate(own.map(({ answer }) => answer === 'dearer')),
  }
}

type DelaySize = Pick<DelayFound, 'delay' | 'flushes'>

/** Only what is timed in this process is delayed: not what a tool measures, nor a series of operations. */
function shareOfPhase({ phase }: PhaseColumns, delay: number): DelaySize | null {
  return phase.byTool === true ? null : { delay, flushes: null }
}

/** Null where the headline has no flush in it, or the delay was not measured. */
function shareOfFlushes({ cell, control }: Pair, { measured }: Exclude<Injected, number>): DelaySize | null {
  const count = median(cell.delayedFlushes.known())
  const undelayed = median(control.headline?.values.known() ?? [])
  if (measured === null || !count || !undelayed) return null
  return { delay: (count * measured) / undelayed, flushes: { count, seconds: measured } }
}

function comparedIds({ phases }: CellCollector): string[] {
  return additivePhases(phases.map(({ phase }) => phase)).map(({ id }) => id)
}

function logRatios(cell: CellCollector, control: CellCollector, phase: string): readonly number[] {
  const paired = pairedRatio(cell.byRound(cell.phase(phase)), control.byRound(control.phase(phase)))
  return paired?.logRatios ?? []
}

function rate(found: readonly boolean[]): Rate {
  return rateOf([{ found: found.filter(Boolean).length, trials: found.length }])
}

function rateOf(all: readonly Detections[]): Rate {
  const found = all.reduce((sum, one) => sum + one.found, 0)
  const trials = all.reduce((sum, one) => sum + one.trials, 0)
  return { found, trials, rate: trials === 0 ? 0 : found / trials, ...wilsonInterval(found, trials) }
}
