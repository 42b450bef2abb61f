/** What a configuration pays beside a rate: a rate tells nothing of the time before it, nor of the bytes. */
import type { PhaseSummary } from '../summary/figures.ts'
import { additivePhases } from '../summary/phases.ts'
import type { CellSummary } from '../summary/types.ts'

/** A phase is a price from this many times the least of the other configurations on, … */
const TIMES_LEAST = 10
/** … and from this many seconds more than the least on: less is not felt. */
const SECONDS_MORE = 0.01

export interface Price {
  phase: PhaseSummary
  /** Seconds of the phase. */
  seconds: number
  /** Seconds that the cheapest other configuration takes for it. */
  least: number
}

/**
 * Returns the longest phase outside a rate that takes far longer than it does elsewhere; null where there is none, where the
 * headline is no rate, and without others to compare with.
 */
export function priceOf({ headline, phases }: CellSummary, others: readonly CellSummary[]): Price | null {
  if (headline === null || headline.phase.unit === 's') return null
  const candidates = additivePhases(phases.map(({ phase }) => phase))
  const prices = phases.flatMap((one) => {
    const seconds = secondsOf(one)
    const least = Math.min(...others.flatMap((other) => secondsOf(phaseOf(other, one.phase.id)) ?? []))
    if (!candidates.includes(one.phase) || seconds === null || !Number.isFinite(least)) return []
    const isPrice = seconds >= TIMES_LEAST * least && seconds - least >= SECONDS_MORE
    return isPrice ? [{ phase: one, seconds, least }] : []
  })
  return prices.toSorted((a, b) => b.seconds - a.seconds)[0] ?? null
}

function phaseOf({ phases }: CellSummary, id: string): PhaseSummary | undefined {
  return phases.find(({ phase }) => phase.id === id)
}

function secondsOf(phase: PhaseSummary | undefined): number | null {
  return phase?.value?.median ?? null
}
