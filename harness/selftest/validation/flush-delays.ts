/** By how much flushes have to be delayed for a headline to be longer by the shares that are aimed at. */
import { headlinePhase } from '../../contracts/phase.ts'
import type { Run } from '../../contracts/run.ts'
import type { Sample } from '../../contracts/sample.ts'
import { median } from '../../statistics/quantile.ts'

/** Figures of a headline that a pilot found. */
export interface Pilot {
  /** Seconds, undelayed. */
  median: number
  /** Flushes that dm-delay delayed within it; not those that it does not take for flushes. */
  flushes: number
  /** Seconds from one tick of the kernel to the next. */
  tick: number
}

/** dm-delay's longest that `--inject` takes: milliseconds. */
const LONGEST = 1000
/** CONFIG_HZ where the kernel does not tell: the fewest that kernels are built with, so no delay is below a tick. */
const FEWEST_HERTZ = 100

/**
 * Whole milliseconds to ask dm-delay for, ascending: one for each share. A delay ends at a tick, half a tick early on
 * average, and lasts one at least; where two shares come to the same tick the larger gets the next one.
 */
export function chooseDelays({ median: seconds, flushes, tick }: Pilot, shares: readonly number[]): number[] {
  const chosen: number[] = []
  let ticks = 0
  for (const share of shares) {
    ticks = Math.max(ticks + 1, Math.round((share * seconds) / flushes / tick + 0.5))
    // Rounded down, which the kernel rounds up to just these ticks.
    chosen.push(Math.min(LONGEST, Math.floor(ticks * tick * 1000 + 1e-6)))
  }
  return chosen
}

/** Returns a pilot's figures for its one scenario; null where the headline has no flush, or nothing was measured. */
export function pilotOf(run: Run, samples: Iterable<Sample>): Pilot | null {
  const phases = run.scenarios[0]?.phases ?? []
  const headline = headlinePhase(phases)
  if (headline === undefined) return null
  const parts = headline.sum ?? [headline.id]
  const times: number[] = []
  const flushes: number[] = []
  for (const { cell, state, phases: values, io } of samples) {
    if (state !== 'completed') continue
    const driver = run.cells.find(({ id }) => id === cell)?.configuration ?? ''
    if (driver in run.options.injected) {
      flushes.push(parts.reduce((sum, part) => sum + (io[part]?.delayedFlushes ?? 0), 0))
    } else {
      times.push(values[headline.id] ?? Number.NaN)
    }
  }
  const [middle, count] = [median(times), median(flushes)]
  if (!middle || !count) return null
  return { median: middle, flushes: count, tick: 1 / Number(run.host.kernelConfig['HZ'] ?? FEWEST_HERTZ) }
}
