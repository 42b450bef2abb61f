/** A cell's answer beside its control, in the little room of a table. */
import { formatRatio } from '../../format/format.ts'
import type { CellSummary } from '../../summary/types.ts'
import { taxOf } from '../../verdict/signs.ts'

/** `▲ 3.10×`: the answer beside the control, and how many times as dear; empty for the control itself. */
export function taxText(cell: CellSummary): string {
  const tax = taxOf(cell)
  if (tax === null) return ''
  return tax.factor === null ? tax.sign.sign : `${tax.sign.sign} ${formatRatio(tax.factor)}`
}
