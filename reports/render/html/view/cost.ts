/** How a configuration's cost is shown in a cell of a table that has no room for more. */
import { formatHalfWidth, formatRatio, NOTHING } from '../../../format/format.ts'
import type { AimedRatio, Ratio } from '../../../summary/figures.ts'
import type { CellSummary } from '../../../summary/types.ts'

/** Factors against the control from which a cost is shaded more deeply. */
const COST_STEPS = [1.25, 2, 5, 20] as const

const SIGNS: Readonly<Record<Ratio['verdict'], string>> = {
  different: '',
  'not-shown': ' ~',
  'too-few-rounds': ' ?',
}

/** `3.10×`, with `~` where no difference is shown and `?` where there were too few rounds. */
export function ratioText(ratio: Ratio | null): string {
  return ratio === null ? NOTHING : `${formatRatio(ratio.ratio)}${SIGNS[ratio.verdict]}`
}

/** `± 14 %` of a ratio that is known no better than that; else empty. */
export function unconvergedMark(ratio: AimedRatio | null): string {
  return ratio === null || ratio.converged || ratio.halfWidth === null ? '' : formatHalfWidth(ratio.halfWidth)
}

/** CSS class: `cost-0` (none shown) … `cost-4`, by how much dearer than the control it has been shown to be. */
export function costClass({ headline, ratio }: CellSummary): string {
  if (ratio?.verdict !== 'different') return 'cost-0'
  const cost = headline?.phase.better === 'higher' ? 1 / ratio.ratio : ratio.ratio
  return `cost-${COST_STEPS.filter((step) => cost >= step).length}`
}
