import type { Summary } from '../summary/types.ts'
import { describeAnswers } from './answers.ts'
import { describeWarningsOfFigures, describeEngineTax } from './engine-tax.ts'
import { describeComparisons, describeInjected } from './overview.ts'
import { describeGrowth, describeLabelled } from './panel-rules.ts'
import type { Sentence } from './sentence.ts'
import {
  describeAccepted,
  describeInterruptions,
  describeMissing,
  describeState,
  describeTrust,
} from './state.ts'
import { describeNothing } from './unmeasured.ts'
import { describeValidation } from './validation.ts'

/** Returns the verdict in plain sentences: the run's state, the answers, what else was found, and how far to trust it. */
export function verdict(summary: Summary): Sentence[] {
  const { before, after } = firstScreen(summary)
  const growth = summary.panels.flatMap((panel) => describeGrowth(panel))
  return [...before, ...describeAnswers(summary), ...growth, ...after]
}

/** Returns what is said beside the answers on a first screen: what to read before them, and what after. */
export function firstScreen(summary: Summary): Record<'before' | 'after', Sentence[]> {
  return {
    before: [
      ...describeState(summary),
      ...describeWarningsOfFigures(summary),
      ...describeInterruptions(summary),
      ...describeAccepted(summary),
      ...describeNothing(summary),
      ...describeInjected(summary),
      ...describeValidation(summary),
    ],
    after: [
      ...summary.panels.flatMap((panel) => describeEngineTax(panel, summary)),
      ...summary.panels.flatMap((panel) => describeLabelled(panel, summary)),
      ...describeComparisons(summary),
      ...describeMissing(summary),
      ...describeTrust(summary),
    ],
  }
}
