import type { Cell } from '../../harness/contracts/cell.ts'
import { groupBy } from '../summary/group-by.ts'

/** A cell of the baseline, and the cell of the candidate that is compared with it. */
export interface CellPair {
  baseline: Cell
  candidate: Cell
}

export interface Paired {
  /** In the candidate's order. */
  pairs: readonly CellPair[]
  onlyBaseline: readonly Cell[]
  onlyCandidate: readonly Cell[]
}

/**
 * Pairs cells of equal configuration, scenario, parameters and cache state; where an option or a label is declared to differ,
 * also cells that are equal but for it. A run may have several of those, such as a labelled configuration and its
 * control: the one pair that differs is compared then. Several such pairs cannot be told apart, so equals are paired.
 */
export function pairCells(
  before: readonly Cell[],
  after: readonly Cell[],
  across: readonly string[],
): Paired {
  const groups = groupBy(
    [...before.map((cell) => ({ cell, isAfter: false })), ...after.map((cell) => ({ cell, isAfter: true }))],
    ({ cell }) => keyOf(cell, across),
  )
  const found = [...groups.values()].map((members) => {
    const [was, is] = [false, true].map((side) =>
      members.filter(({ isAfter }) => isAfter === side).map(({ cell }) => cell),
    ) as [Cell[], Cell[]]
    const pairs = pairsOf(was, is)
    // The control of a labelled configuration that found its partner is there for its own run.
    const rest = pairs.some(isCrossing) ? [] : [was, is]
    const used = new Set(pairs.flatMap(({ baseline, candidate }) => [baseline, candidate]))
    const [onlyBaseline = [], onlyCandidate = []] = rest.map((cells) =>
      cells.filter((cell) => !used.has(cell)),
    )
    return { pairs, onlyBaseline, onlyCandidate }
  })
  const places = new Map(after.map((cell, index) => [cell, index]))
  return {
    pairs: found
      .flatMap(({ pairs }) => pairs)
      .toSorted((a, b) => (places.get(a.candidate) ?? 0) - (places.get(b.candidate) ?? 0)),
    onlyBaseline: found.flatMap(({ onlyBaseline }) => onlyBaseline),
    onlyCandidate: found.flatMap(({ onlyCandidate }) => onlyCandidate),
  }
}

export function isCrossing({ baseline, candidate }: CellPair): boolean {
  return baseline.configuration !== candidate.configuration
}

function pairsOf(was: readonly Cell[], is: readonly Cell[]): CellPair[] {
  const all = was.flatMap((baseline) => is.map((candidate) => ({ baseline, candidate })))
  const different = all.filter(isCrossing)
  return different.length === 1 ? different : all.filter((pair) => !isCrossing(pair))
}

/** Returns what two cells must have in common to be compared: all but what is declared to differ. */
function keyOf({ id, configuration }: Cell, across: readonly string[]): string {
  const rest = id.startsWith(configuration) ? id.slice(configuration.length) : ` ${id}`
  return `${withoutDeclared(configuration, across)}${rest}`
}

/** Removes declared options and labels from the notation `NAME[@BACKING][+OPTION=VALUE]…[#LABEL]`. */
function withoutDeclared(configuration: string, across: readonly string[]): string {
  const [unlabelled = '', label] = configuration.split('#')
  const [name = '', ...options] = unlabelled.split('+')
  const kept = options.filter((option) => !across.includes(`option:${option.split('=')[0]}`))
  const suffix = label === undefined || across.includes(`label:${label}`) ? '' : `#${label}`
  return `${[name, ...kept].join('+')}${suffix}`
}
