import { positionOf } from './axis.ts'
import type { ValuesOf } from './collector.ts'
import { findElsewhere } from './elsewhere.ts'
import type { AimedRatio } from './figures.ts'
import type { Group } from './panels.ts'
import { type Aim, compare, type Comparison, judgeTogether } from './ratio.ts'
import { findSlopes } from './slopes.ts'
import type { CellSummary, Extremes, Panel, Standing } from './types.ts'

type Uncompared = Omit<Panel, 'extremes' | 'standings'> & { ranked: readonly CellSummary[] }

/**
 * Adds to each group of cells what comparing them with each other says. `headlines`: the comparisons with controls, which lend
 * their noise.
 */
export function comparePanels(
  groups: readonly Group[],
  valuesOf: ValuesOf,
  aim: Aim,
  headlines: readonly Comparison[],
): Panel[] {
  const panels = groups.map((group, index) => describeGroup(group, index, valuesOf))
  const withBest = new Map(panels.flatMap((panel) => compareWithBest(panel, valuesOf)))
  const toBest = judgeTogether(withBest, aim, headlines)
  return panels.map(({ ranked, ...panel }) => ({
    ...panel,
    extremes: extremesOf(ranked, toBest),
    standings: standingsOf(panel, ranked, toBest),
  }))
}

function describeGroup(group: Group, index: number, valuesOf: ValuesOf): Uncompared {
  const top = group.axis?.values.at(-1)
  const biggest =
    group.axis === null ? group.cells : group.cells.filter(({ cell }) => positionOf(cell, group.axis) === top)
  const elsewhere = findElsewhere(biggest)
  const comparable = biggest.filter((cell) => !elsewhere.some((other) => other.cell === cell))
  return {
    ...group,
    id: `${group.scenario.id}-${index + 1}`,
    biggest,
    elsewhere,
    slopes: findSlopes(group, valuesOf),
    ranked: rank(comparable),
  }
}

/**
 * Compares every other configuration with the best, which was picked for its result: as if all pairs had been compared, of
 * which each stands for its share. One that pays in another phase is compared by that phase, which is in seconds as the
 * best one's headline is.
 */
function compareWithBest(
  { ranked, elsewhere }: Pick<Uncompared, 'ranked' | 'elsewhere'>,
  valuesOf: ValuesOf,
): [string, Comparison][] {
  const [best, ...others] = ranked
  if (best?.headline == null) return []
  const { better } = best.headline.phase
  const pickedFrom = ranked.length / 2
  const paid = elsewhere.map(({ cell, phase }) => [cell.cell.id, phase.phase.id] as const)
  return [...others.map(({ cell }) => [cell.id] as const), ...paid].flatMap(([id, phase]) => {
    const comparison = compare(valuesOf(id, phase), valuesOf(best.cell.id), { better, pickedFrom })
    return comparison === null ? [] : [[id, comparison]]
  })
}

function extremesOf(
  ranked: readonly CellSummary[],
  toBest: ReadonlyMap<string, AimedRatio>,
): Extremes | null {
  const [best] = ranked
  const worst = ranked.at(-1)
  if (best === undefined || worst === undefined || best === worst) return null
  return { best, worst, ratio: toBest.get(worst.cell.id) ?? null }
}

/** Returns how each configuration stands at the top of the axis, in the order of the cells. */
function standingsOf(
  { biggest, elsewhere }: Pick<Panel, 'biggest' | 'elsewhere'>,
  [best]: readonly CellSummary[],
  toBest: ReadonlyMap<string, AimedRatio>,
): Standing[] {
  return biggest.map((cell) => ({
    cell,
    isBest: cell === best,
    toBest: toBest.get(cell.cell.id) ?? null,
    elsewhere: elsewhere.find((other) => other.cell === cell)?.phase ?? null,
  }))
}

/**
 * Returns the configurations that are compared with a control, the best headline first: not that itself, and none that is
 * measured a second time under a label.
 */
function rank(cells: readonly CellSummary[]): CellSummary[] {
  return cells
    .filter(({ driver, control }) => driver.role === 'driver' && control?.role !== 'driver')
    .filter(({ headline }) => headline?.value != null)
    .sort((a, b) => costOf(a) - costOf(b))
}

/** The headline's median, turned round where more is better. */
function costOf({ headline }: CellSummary): number {
  const median = headline?.value?.median ?? Number.NaN
  return headline?.phase.better === 'higher' ? -median : median
}
