import type { Injected } from '../../harness/contracts/options.ts'
import type { Run } from '../../harness/contracts/run.ts'
import { detectableEffect } from '../../harness/statistics/detectable-effect.ts'
import { inSubsets, inTrials, type Detections } from '../../harness/statistics/detection.ts'
import { pairedRatio } from '../../harness/statistics/paired-ratio.ts'
import { wilsonInterval } from '../../harness/statistics/proportion.ts'
import { median } from '../../harness/statistics/quantile.ts'
import { generator } from '../../harness/statistics/random.ts'
import { additivePhases } from './phases.ts'
import type { CellCollector, PhaseColumns } from './collector.ts'
import type { DelayFound, Rate, Validation } from './validation-types.ts'

const SUBSETS_OF = [10, 20, 40, 80, 160]

/** Null for a run that compares nothing with its equal. */
export function validationOf(run: Run, collectors: ReadonlyMap<string, CellCollector>): Validation | null {
  const pairs = [...collectors.values()].flatMap((cell) => {
    const control = collectors.get(cell.cell.control ?? '')
    return control !== undefined && cell.cell.configuration.startsWith(`${control.cell.configuration}#`)
      ? [{ cell, control, delay: run.options.injected[cell.cell.configuration] ?? null }]
      : []
  })
  if (pairs.length === 0) return null
  const trialRounds = run.options.rounds
  const alike = pairs.filter(({ delay }) => delay === null)
  const trialsOf = ({ cell, control }: Pair, ids: readonly string[]) =>
    ids.map((id) => inTrials(logRatios(cell, control, id), trialRounds, 'any'))
  return {
    trialRounds,
    headlines: rateOf(alike.flatMap((pair) => trialsOf(pair, headlineIds(pair)))),
    phases: rateOf(alike.flatMap((pair) => trialsOf(pair, comparedIds(pair)))),
    delays: pairs.flatMap((pair) => (pair.delay === null ? [] : delayFound(pair, pair.delay, trialRounds))),
  }
}

/** Returns how many trials compared a headline with that of its equal: with none, the validation has no answer. */
export function countTrials({ headlines, delays }: Validation): number {
  return delays.reduce((trials, { found }) => trials + found.trials, headlines.trials)
}

interface Pair {
  cell: CellCollector
  control: CellCollector
}

function delayFound(pair: Pair, injected: Injected, trialRounds: number): DelayFound[] {
  const { configuration, scenario, label } = pair.cell.cell
  const { headline } = pair.cell
  if (headline === null || headline.phase.unit !== 's') return []
  const size =
    typeof injected === 'number' ? shareOfPhase(headline, injected) : shareOfFlushes(pair, injected)
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
      found: rateOf([inTrials(logs, trialRounds, 'slower')]),
      inAll: inTrials(logs, logs.length, 'slower').found === 1,
      byRounds: SUBSETS_OF.flatMap((rounds) => {
        const share = inSubsets(logs, rounds, 'slower', random)
        return share === null ? [] : [{ rounds, share }]
      }),
      detectable: detectableEffect(logs),
    },
  ]
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

function headlineIds({ cell }: Pair): string[] {
  return cell.headline === null ? [] : [cell.headline.phase.id]
}

function comparedIds({ cell }: Pair): string[] {
  return additivePhases(cell.phases.map(({ phase }) => phase)).map(({ id }) => id)
}

function logRatios(cell: CellCollector, control: CellCollector, phase: string): readonly number[] {
  const paired = pairedRatio(cell.byRound(cell.phase(phase)), control.byRound(control.phase(phase)))
  return paired?.logRatios ?? []
}

function rateOf(all: readonly Detections[]): Rate {
  const found = all.reduce((sum, one) => sum + one.found, 0)
  const trials = all.reduce((sum, one) => sum + one.trials, 0)
  return { found, trials, rate: trials === 0 ? 0 : found / trials, ...wilsonInterval(found, trials) }
}
