/** One plan of several requests: what they share is measured once, and all of it in the same rounds. */
import type { Cell } from '../contracts/cell.ts'
import type { Plan, Registry, WhyAbsent } from '../contracts/plan.ts'
import { scratchDirectory } from '../linux/xdg.ts'
import { estimate } from './estimate.ts'
import { makePlan } from './plan.ts'
import type { Request } from './request.ts'
import { resolveCells } from './resolve-cells.ts'
import { placePlan } from './scratch.ts'

/**
 * Makes the plan of all parts, each of which is completed by `common`, whose options hold for the whole. Cells that several
 * parts ask for are merged. Throws a usage error as {@link makePlan} does; `parts` holds at least one.
 */
export function composePlan(
  parts: readonly Request[],
  common: Request,
  registry: Registry,
  whyAbsent?: WhyAbsent,
): Plan {
  const plans = parts.map((part) => makePlan({ ...common, ...part }, registry, whyAbsent))
  const [first] = plans as [Plan, ...Plan[]]
  const cells = unique(plans.flatMap((plan) => plan.cells))
  const all = (of: (options: Plan['options']) => readonly string[]) => [
    ...new Set(plans.flatMap(({ options }) => of(options))),
  ]
  const options = {
    ...first.options,
    configurations: [...new Set(cells.map(({ configuration }) => configuration))],
    requested: all(({ requested }) => requested),
    scenarios: all(({ scenarios }) => scenarios),
  }
  const resolved = resolveCells({ cells, options }, registry)
  return placePlan({ options, cells, estimate: estimate(resolved, whyAbsent) }, common, scratchDirectory())
}

/** The first of those with the same id; one with a control before one without. */
function unique(cells: readonly Cell[]): Cell[] {
  const found = new Map<string, Cell>()
  for (const cell of cells) {
    const known = found.get(cell.id)
    if (known === undefined || (known.control === null && cell.control !== null)) found.set(cell.id, cell)
  }
  return [...found.values()]
}
