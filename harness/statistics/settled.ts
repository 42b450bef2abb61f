import type { Answered } from './answers.ts'

/** A ratio need not be known better than to this share of its distance from 1: nobody asks whether 469× is 470×. */
const SHARE_OF_DISTANCE = 0.1

/**
 * Returns the relative half-width to which a ratio is to be known: `precision`, or a tenth of its distance from 1, whichever
 * is wider. Of a ratio below 1 it is the distance of its inverse, so that a to b is judged as b to a.
 */
export function precisionFor(ratio: number, precision: number): number {
  const least = Math.min(ratio, 1 / ratio)
  return Math.max(precision, SHARE_OF_DISTANCE * (1 - least))
}

/** Returns half the width of an interval of a log ratio, as a share of the ratio; null where there is no finite one. */
export function halfWidthOf({ interval }: Pick<Answered, 'interval'>): number | null {
  if (interval === null) return null
  const width = Math.expm1((interval.high - interval.low) / 2)
  return Number.isFinite(width) ? width : null
}

/** Tells whether a cell has enough rounds: its answer is there, and its ratio is known well enough. */
export function isSettled(
  { answer }: Pick<Answered, 'answer'>,
  { ratio, halfWidth }: { ratio: number; halfWidth: number | null },
  precision: number,
): boolean {
  return answer.is !== 'open' && halfWidth !== null && halfWidth <= precisionFor(ratio, precision)
}
