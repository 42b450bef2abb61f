import type { Summary } from '../summary/types.ts'
import { compareExtremes } from './extremes.ts'
import { describeComparisons, describeInjected } from './overview.ts'
import { describeElsewhere, describeGrowth, describeLabelled } from './panel-rules.ts'
import type { Sentence } from './sentence.ts'
import { describeMissing, describeQuickLook, describeState, describeTrust } from './state.ts'
import { describeNothing } from './unmeasured.ts'
import { describeValidation } from './validation.ts'

/** Each looks at one panel and says what it finds there, or nothing. */
const PANEL_RULES = [compareExtremes, describeGrowth, describeElsewhere, describeLabelled]

/** Returns the verdict in plain sentences: the run's state, the findings of each scenario, and how far to trust them. */
export function verdict(summary: Summary): Sentence[] {
  return [
    ...describeState(summary),
    ...describeNothing(summary),
    ...describeInjected(summary),
    ...describeQuickLook(summary),
    ...describeComparisons(summary),
    ...describeValidation(summary),
    ...summary.panels.flatMap((panel) => PANEL_RULES.flatMap((rule) => rule(panel))),
    ...describeMissing(summary),
    ...describeTrust(summary),
  ]
}
