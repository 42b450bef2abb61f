import { positionOf } from './axis.ts'
import type { HeadlineOf } from './collector.ts'
import { findElsewhere } from './elsewhere.ts'
import type { Group } from './panels.ts'
import { compare, type Comparison, judgeTogether } from './ratio.ts'
import { findSlopes } from './slopes.ts'
import type { CellSummary, Extremes, Panel } from './types.ts'

type Uncompared = Omit<Panel, 'extremes'> & { picked: Picked | null }

interface Picked {
  best: CellSummary
  worst: CellSummary
  comparison: Comparison | null
}

/** Adds to each group of cells what comparing them with each other says. */
export function comparePanels(groups: readonly Group[], headlineOf: HeadlineOf, precision: number): Panel[] {
  const panels = groups.map((group, index) => describeGroup(group, index, headlineOf))
  const comparisons = panels.flatMap(({ id, picked }) =>
    picked?.comparison ? [[id, picked.comparison] as const] : [],
  )
  const ratios = judgeTogether(new Map(comparisons), precision)
  return panels.map(({ picked, ...panel }) => ({
    ...panel,
    extremes: extremesOf(picked, ratios.get(panel.id)),
  }))
}

function extremesOf(picked: Picked | null, ratio: Extremes['ratio'] | undefined): Extremes | null {
  return picked === null ? null : { best: picked.best, worst: picked.worst, ratio: ratio ?? null }
}

function describeGroup(group: Group, index: number, headlineOf: HeadlineOf): Uncompared {
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
    picked: pickExtremes(comparable, headlineOf),
    slopes: findSlopes(group, headlineOf),
  }
}

/**
 * Best and worst headline among the configurations that are compared with a control: not that itself, and none that is
 * measured a second time under a label.
 */
function pickExtremes(cells: readonly CellSummary[], headlineOf: HeadlineOf): Picked | null {
  const ranked = cells
    .filter(({ driver, control }) => driver.role === 'driver' && control?.role !== 'driver')
    .filter(({ headline }) => headline?.value != null)
    .sort((a, b) => costOf(a) - costOf(b))
  const best = ranked[0]
  const worst = ranked.at(-1)
  if (best === undefined || worst === undefined || best === worst) return null
  const pairs = (ranked.length * (ranked.length - 1)) / 2
  const comparison = compare(headlineOf(worst.cell.id), headlineOf(best.cell.id), pairs)
  return { best, worst, comparison }
}

/** The headline's median, turned round where more is better. */
function costOf({ headline }: CellSummary): number {
  const median = headline?.value?.median ?? Number.NaN
  return headline?.phase.better === 'higher' ? -median : median
}
