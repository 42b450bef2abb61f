import { tailQuantile } from '../../../../harness/statistics/tail-quantile.ts'
import type { PhaseSummary } from '../../../summary/figures.ts'

/** Why a high percentile is not shown of headlines that have too few samples for it; empty where all have enough. */
export function tailNote(headlines: readonly PhaseSummary[]): string {
  const measured = headlines.filter(({ value }) => value !== null)
  const told = [
    ...(measured.some(({ p95 }) => p95 === null) ? [needs('p95', 0.95)] : []),
    ...(measured.some(({ p99 }) => p99 === null) ? [needs('p99', 0.99)] : []),
  ]
  return told.length === 0 ? '' : `${told.join(', ')}.`
}

function needs(name: string, p: number): string {
  return `${name} needs at least ${fewestFor(p)} samples`
}

const fewest = new Map<number, number>()

/** It depends on the number of samples alone, so any values find it out. */
function fewestFor(p: number): number {
  let count = fewest.get(p) ?? 1
  while (
    tailQuantile(
      Array.from({ length: count }, (_, nth) => nth),
      p,
    ) === null
  )
    count += 1
  fewest.set(p, count)
  return count
}
