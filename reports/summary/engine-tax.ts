/** What an engine adds: each phase of a cell through an engine, divided by the same of the cell without it. */
import { median } from '../../harness/statistics/quantile.ts'
import type { CellCollector } from './collector.ts'
import type { AimedRatio, EngineTax, PhaseInfo, PhaseTax } from './figures.ts'
import { type Aim, compare, type Comparison, judgeTogether } from './ratio.ts'

/** Returns the tax of each cell through an engine, by the cell's id; judged together, with the noise of `lenders`. */
export function engineTaxes(
  collectors: ReadonlyMap<string, CellCollector>,
  aim: Aim,
  lenders: readonly Comparison[],
): Map<string, EngineTax> {
  const pairs = [...collectors.values()].flatMap((through) => {
    const without = collectors.get(through.cell.withoutEngine ?? '')
    return without === undefined ? [] : [{ through, without }]
  })
  const comparisons = new Map(pairs.flatMap(comparisonsOf))
  const judged = judgeTogether(comparisons, aim, lenders)
  return new Map(
    pairs.map(({ through, without }) => [
      through.cell.id,
      { configuration: without.cell.configuration, phases: phasesOf(through, without, judged) },
    ]),
  )
}

function comparisonsOf({ through, without }: Record<'through' | 'without', CellCollector>) {
  return through.phases.flatMap((columns): [string, Comparison][] => {
    const other = without.phase(columns.phase.id)
    const { better } = columns.phase
    const comparison = other && compare(through.byRound(columns), without.byRound(other), { better })
    return comparison ? [[keyOf(through, columns.phase), comparison]] : []
  })
}

function phasesOf(
  through: CellCollector,
  without: CellCollector,
  judged: ReadonlyMap<string, AimedRatio>,
): PhaseTax[] {
  return through.phases.flatMap(({ phase, values }) => {
    const ratio = judged.get(keyOf(through, phase))
    if (ratio === undefined) return []
    const other = without.phase(phase.id)
    return [
      {
        phase,
        through: median([...values.known()]),
        without: median([...(other?.values.known() ?? [])]),
        ratio,
      },
    ]
  })
}

function keyOf({ cell }: CellCollector, { id }: PhaseInfo): string {
  return `${cell.id} ${id}`
}
