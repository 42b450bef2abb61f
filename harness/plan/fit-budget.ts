/** Which parameter sets a budget leaves room for. */
import { parseSize } from '../contracts/units.ts'
import type { ParamSet } from './cells.ts'

export interface Fitted {
  sets: readonly ParamSet[]
  leftOut: readonly ParamSet[]
}

/** What sets take together, in seconds. */
type SecondsOf = (sets: readonly ParamSet[]) => number

/** Whether a user gave the values of a parameter, which all stay. */
type IsFixed = (set: ParamSet, parameter: string) => boolean

/**
 * Leaves out parameter sets until the others take no longer than the budget, the least telling first: those between two others
 * along a parameter that is a size or a number, then the least of it, so that the largest stays. Where that is too much by
 * itself, the next smaller one takes its place. Of equally telling ones that goes first which saves the most time. One of each
 * kind of work always stays, so no question is lost, though the budget be too small.
 */
export function fitBudget(
  all: readonly ParamSet[],
  budgetSeconds: number,
  secondsOf: SecondsOf,
  isFixed: IsFixed,
): Fitted {
  const fits = (sets: readonly ParamSet[]) => secondsOf(sets) <= budgetSeconds
  for (let pool = all; ;) {
    const sets = thinOut(pool, fits, secondsOf, isFixed)
    const tooLarge = fits(sets) ? null : dearest(pool, secondsOf, ({ smaller }) => smaller, isFixed)
    if (tooLarge === null) return { sets, leftOut: all.filter((set) => !sets.includes(set)) }
    pool = pool.filter((set) => set !== tooLarge)
  }
}

/** Leaves out inner sets, then the least ones, until the others fit. */
function thinOut(
  pool: readonly ParamSet[],
  fits: (sets: readonly ParamSet[]) => boolean,
  secondsOf: SecondsOf,
  isFixed: IsFixed,
): readonly ParamSet[] {
  let sets = pool
  while (!fits(sets)) {
    const spared =
      dearest(sets, secondsOf, ({ smaller, larger }) => smaller && larger, isFixed) ??
      dearest(sets, secondsOf, ({ larger }) => larger, isFixed)
    if (spared === null) break
    sets = sets.filter((set) => set !== spared)
  }
  return sets
}

/** Whether there are sets that differ in one number alone, which is smaller or larger. */
interface Neighbours {
  smaller: boolean
  larger: boolean
}

/** Returns the set that saves the most time of those with such neighbours; null where there is none. */
function dearest(
  sets: readonly ParamSet[],
  secondsOf: SecondsOf,
  isWanted: (neighbours: Neighbours) => boolean,
  isFixed: IsFixed,
): ParamSet | null {
  const candidates = sets
    .filter((set) => neighboursOf(set, sets, isFixed).some(isWanted))
    .map((set) => ({ set, left: secondsOf(sets.filter((other) => other !== set)) }))
  return candidates.toSorted((a, b) => a.left - b.left)[0]?.set ?? null
}

/** Returns the neighbours of a set along each parameter that is a number. */
function neighboursOf(set: ParamSet, sets: readonly ParamSet[], isFixed: IsFixed): Neighbours[] {
  return Object.entries(set.encoded).flatMap(([parameter, text]) => {
    const value = parseSize(text)
    if (value === null || isFixed(set, parameter)) return []
    const others = sets.flatMap((other) => {
      const otherValue = parseSize(other.encoded[parameter] ?? '')
      return differsOnlyIn(parameter, set, other) && otherValue !== null ? [otherValue] : []
    })
    return [{ smaller: others.some((other) => other < value), larger: others.some((other) => other > value) }]
  })
}

function differsOnlyIn(parameter: string, one: ParamSet, other: ParamSet): boolean {
  return (
    one.scenario === other.scenario &&
    one.encoded[parameter] !== other.encoded[parameter] &&
    Object.keys(one.encoded).every((key) => key === parameter || one.encoded[key] === other.encoded[key])
  )
}
