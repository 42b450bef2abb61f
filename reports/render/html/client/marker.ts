import type { Style } from '../view/chart-spec.ts'
import { cssColor, ink } from './theme.ts'

/** Returns how the points of a driver configuration are drawn. */
export function marker(style: Style) {
  const color = ink(style)
  return {
    borderColor: color,
    backgroundColor: color,
    pointStyle: style.point,
    pointRadius: 4.5,
    pointHoverRadius: 6,
    pointBorderColor: color,
    pointBorderWidth: 1.5,
    pointBackgroundColor: style.hollow ? cssColor('--paper') : color,
  }
}
