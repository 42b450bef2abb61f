import { formatInterval, formatShare, formatValue } from '../../format.ts'
import type { Unit } from '../../../harness/contracts/scenario.ts'
import type { Estimate } from '../../summary/types.ts'

/** A driver configuration on at most three short lines, for an axis: `overlay2@xfs`, `+reflink=off`. */
export function axisLabel(config: string): string[] {
  const [name = config, ...options] = config.split('+')
  const told = options.map((option) => `+${option}`)
  return told.length <= 2 ? [name, ...told] : [name, told[0] ?? '', `${told[1]} …`]
}

/** `251 ms (246 – 260 ms)`. */
export function estimateText(estimate: Estimate, unit: Unit): string {
  const median = formatValue(estimate.median, unit)
  if (estimate.low === null) return `${median} (one sample)`
  return `${median} (${formatInterval(estimate.low, estimate.high, estimate.median, unit)})`
}

/** ` (cover 93.8 % or more)`; empty where nothing has an interval. */
export function coverageNote(estimates: readonly { coverage: number | null }[]): string {
  const coverages = estimates.flatMap(({ coverage }) => coverage ?? [])
  return coverages.length === 0 ? '' : ` (coverage ${formatShare(Math.min(...coverages))} or more)`
}
