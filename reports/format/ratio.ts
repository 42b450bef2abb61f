/** Words for how much a ratio is worth, the same in sentences, tables and at the terminal. */
import { formatHalfWidth, formatPercent } from './format.ts'
import type { AimedRatio, Ratio } from '../summary/figures.ts'

/** `unconverged: ± 14 %`; empty where the ratio is known as well as it was to be. */
export function convergenceText({ converged, halfWidth }: AimedRatio): string {
  if (converged) return ''
  return halfWidth === null ? 'unconverged: no interval' : `unconverged: ${formatHalfWidth(halfWidth)}`
}

/** Empty for a difference. Else that none is shown, and how far the rounds could have seen. */
export function judgementText({ verdict, detectable }: Ratio): string {
  switch (verdict) {
    case 'different':
      return ''
    case 'too-few-rounds':
      return 'too few rounds to tell'
    case 'not-shown':
      return detectable === null ? 'no difference shown' : `no difference shown; ${blindUnder(detectable)}`
  }
}

/** `differences under 3.1 % would not have been seen`. */
function blindUnder(detectable: number): string {
  return `differences under ${formatPercent(detectable)} would not have been seen`
}
