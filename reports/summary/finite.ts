/**
 * Returns a number that is finite, and null for any other: JSON and a chart's axis have no place for what is divided by a median
 * of 0.
 */
export function finite(value: number | null | undefined): number | null {
  return value == null || !Number.isFinite(value) ? null : value
}

/** Tells whether a ratio has a place on an axis: it is neither 0 nor infinite. */
export function hasPlace(ratio: number | null): ratio is number {
  return ratio !== null && ratio > 0 && Number.isFinite(ratio)
}
