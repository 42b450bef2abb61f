/** Positions on the axis of a panel as people read them. */
import type { Axis } from '../summary/types.ts'
import { formatPercent, formatValue } from './format.ts'

/** `256 MiB` of a size, `10 %` of a share, a count as it was written. */
export function axisText(kind: Axis['kind'], value: number, text: string): string {
  if (kind === 'size') return formatValue(value, 'bytes')
  return kind === 'share' ? formatPercent(value) : text
}
