/** From which size or number on one cost exceeds another, by interpolation between measured points alone. */

/** Costs of two configurations at one measured position of the axis, in one unit. */
export interface PairedCost {
  /** Position on the axis: bytes, or a plain number. Above 0. */
  x: number
  /** Above 0. */
  own: number
  /** Cost of the configuration that it is compared with. Above 0. */
  other: number
}

/** What counts as dearer: by an amount in the unit of the costs, or by a factor. */
export type Excess = { by: number } | { times: number }

/** `from`: dearer from about `x` on. `everywhere`: at every measured point. `nowhere`: not up to the largest of them. */
export type BreakEven = { is: 'from'; x: number } | { is: 'everywhere' } | { is: 'nowhere'; upTo: number }

/** Halvings of an interval between neighbouring points; more than a double can tell apart. */
const HALVINGS = 60

/**
 * Finds the position from which on a cost exceeds the other. Between neighbouring points both costs are taken as straight
 * lines on logarithmic axes. Null with fewer than two points, with a cost that has no logarithm, and where the cost exceeds
 * the other at some points but not at the largest.
 */
export function breakEven(costs: readonly PairedCost[], excess: Excess): BreakEven | null {
  const points = costs.toSorted((a, b) => a.x - b.x)
  const last = points.at(-1)
  if (last === undefined || points.length < 2 || !points.every(isPositive)) return null
  const below = points.findLastIndex((point) => !exceeds(point, excess))
  if (below === -1) return { is: 'everywhere' }
  if (below < points.length - 1)
    return {
      is: 'from',
      x: crossing(points[below] as PairedCost, points[below + 1] as PairedCost, excess),
    }
  return points.some((point) => exceeds(point, excess)) ? null : { is: 'nowhere', upTo: last.x }
}

function isPositive({ x, own, other }: PairedCost): boolean {
  return [x, own, other].every((value) => value > 0 && Number.isFinite(value))
}

function exceeds({ own, other }: PairedCost, excess: Excess): boolean {
  return 'by' in excess ? own - other >= excess.by : own >= other * excess.times
}

/** Halves the interval between a point that does not exceed and one that does. */
function crossing(from: PairedCost, to: PairedCost, excess: Excess): number {
  let [low, high] = [0, 1]
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2
    if (exceeds(between(from, to, middle), excess)) high = middle
    else low = middle
  }
  return between(from, to, high).x
}

/** Returns the point at a share of the way, on logarithmic axes. */
function between(from: PairedCost, to: PairedCost, share: number): PairedCost {
  const mean = (a: number, b: number) => a ** (1 - share) * b ** share
  return { x: mean(from.x, to.x), own: mean(from.own, to.own), other: mean(from.other, to.other) }
}
