/** Where a series of runs changes, and stays changed. */
import { bestSplit } from './e-divisive.ts'
import { momentsOf, pooledTTest } from './pooled-t.ts'

export interface ChangePoint {
  /** Index of the first value after the change. */
  index: number
  /** Mean up to the change before it, and to the change after it. */
  before: number
  after: number
  /** Two-sided, of the values since the change before against those up to the change after. */
  p: number
}

export interface ChangeOptions {
  /** Most values that are looked at together. */
  window: number
  /** Greatest p of a change. */
  alpha: number
  /** Least difference of the means. */
  least: number
  /** Least number of values on each side: fewer are outliers. */
  steady: number
}

/** Settings of Hunter, but for `steady`: there one value may be a part of its own, and a bad night is then a change. */
export const CHANGE_OPTIONS: ChangeOptions = { window: 50, alpha: 0.001, least: 0, steady: 3 }

/**
 * Returns the change points of a series, ascending: E-divisive means with the windows, the tests and the two thresholds of
 * M. Fleming, P. Kołaczkowski, I. Kumar, S. Das, S. McCarthy, P. Pattabhiraman and H. Ingo, "Hunter: Using change point
 * detection to hunt for performance regressions", ICPE 2023, as Apache Otava does it (its docs/MATH.md).
 *
 * Windows of `window` values, each beginning half a window after the last or at the last change found, are split as long as
 * the best split differs with p ≤ 10 α ("weak" changes): an early stop would miss changes behind the one that was not strong
 * enough. Then the weakest changes are given up, one after the other, until all of them are strong: each time the neighbours'
 * tests are done again.
 *
 * The time grows with the number of values, not with its square.
 */
export function changePoints(values: ArrayLike<number>, options: Partial<ChangeOptions> = {}): ChangePoint[] {
  const settings = { ...CHANGE_OPTIONS, ...options }
  return strongOf(values, weakChanges(values, settings), settings)
}

function weakChanges(values: ArrayLike<number>, { window, alpha }: ChangeOptions): number[] {
  const found = new Set<number>()
  const step = Math.max(1, Math.floor(window / 2))
  for (let from = 0; from < values.length;) {
    const inside = splitAll(values, from, Math.min(from + window, values.length), 10 * alpha)
    for (const index of inside) found.add(index)
    from = Math.max(inside.at(-1) ?? 0, from + step)
  }
  return [...found].toSorted((a, b) => a - b)
}

/** Splits a window at the best of all its parts, as long as that differs. Returns the indexes, ascending. */
function splitAll(values: ArrayLike<number>, from: number, to: number, alpha: number): number[] {
  let parts = [partOf(values, from, to)]
  for (;;) {
    const best = parts.reduce((most, part) => (part.divergence > most.divergence ? part : most))
    if (!Number.isFinite(best.divergence) || best.p > alpha) break
    const halves = [partOf(values, best.from, best.index), partOf(values, best.index, best.to)]
    parts = parts.flatMap((part) => (part === best ? halves : [part]))
  }
  return parts.slice(1).map((part) => part.from)
}

/** A part of a window, and how it would be split. */
function partOf(values: ArrayLike<number>, from: number, to: number) {
  const split = bestSplit(values, from, to)
  if (split === null) return { from, to, index: from, divergence: -Infinity, p: 1 }
  const p = pooledTTest(momentsOf(values, from, split.index), momentsOf(values, split.index, to))
  return { from, to, ...split, p }
}

function strongOf(
  values: ArrayLike<number>,
  weak: readonly number[],
  settings: ChangeOptions,
): ChangePoint[] {
  let indexes = [...weak]
  let tested = indexes.map((_, nth) => testOf(values, indexes, nth))
  for (;;) {
    const weakest = weakestOf(tested, settings)
    if (weakest === null) return tested.map(({ index, before, after, p }) => ({ index, before, after, p }))
    indexes = indexes.toSpliced(weakest, 1)
    tested = tested.toSpliced(weakest, 1)
    for (const nth of [weakest - 1, weakest]) {
      if (nth >= 0 && nth < indexes.length) tested[nth] = testOf(values, indexes, nth)
    }
  }
}

interface Tested extends ChangePoint {
  /** Number of values in the shorter of the two parts. */
  shorter: number
}

function testOf(values: ArrayLike<number>, indexes: readonly number[], nth: number): Tested {
  const index = indexes[nth] as number
  const left = momentsOf(values, indexes[nth - 1] ?? 0, index)
  const right = momentsOf(values, index, indexes[nth + 1] ?? values.length)
  return {
    index,
    before: left.mean,
    after: right.mean,
    p: pooledTTest(left, right),
    shorter: Math.min(left.n, right.n),
  }
}

/** Returns which change to give up: of those beside too few values, then of all, the least sure; then the least. Null for none. */
function weakestOf(tested: readonly Tested[], { alpha, least, steady }: ChangeOptions): number | null {
  const ofAll = tested.map((one, nth) => ({ nth, size: Math.abs(one.after - one.before), ...one }))
  const short = ofAll.filter(({ shorter }) => shorter < steady)
  const unsure = short.length > 0 ? short : ofAll.filter(({ p }) => p > alpha)
  if (unsure.length > 0) return unsure.reduce((most, one) => (one.p > most.p ? one : most)).nth
  const small = ofAll.filter(({ size }) => size <= least)
  return small.length === 0 ? null : small.reduce((most, one) => (one.size < most.size ? one : most)).nth
}
