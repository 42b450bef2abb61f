/** Sentences about a panel besides its answer: growth, equals under a label. */
import { formatRatio, formatValue, joinList } from '../format/format.ts'
import { formatInjected } from '../format/injected.ts'
import type { Panel, Slope } from '../summary/types.ts'
import { answerText, type RoundTime } from '../format/answer.ts'
import type { Sentence } from './sentence.ts'

/** Exponents by which a cost is said to follow the size, or not to. */
const GROWTH = { growsFrom: 0.8, flatTo: 0.2 } as const

/** Which configurations cost more the larger the parameter is, and which do not. */
export function describeGrowth({ axis, slopes, scenario, biggest }: Panel): Sentence[] {
  if (axis === null || slopes === null) return []
  const controls = new Set(
    biggest.filter(({ driver }) => driver.role === 'control').map(({ cell }) => cell.configuration),
  )
  const compared = slopes.of.filter(({ configuration }) => !controls.has(configuration))
  const unknown = compared.filter((one) => !isKnown(one))
  const grows = compared.filter((one) => isKnown(one) && one.slope >= GROWTH.growsFrom)
  const flat = compared.filter((one) => isKnown(one) && Math.abs(one.slope) <= GROWTH.flatTo)
  const between = compared.filter((one) => ![...unknown, ...grows, ...flat].includes(one))
  const parts = [
    describe(grows, `grows with the ${axis.key}`, `grow with the ${axis.key}`, true),
    describe(between, `follows the ${axis.key} in part`, `follow the ${axis.key} in part`, true),
    describe(flat, 'stays flat', 'stay flat', false),
    describe(unknown, 'scatters too much to tell', 'scatter too much to tell', true),
  ].filter((part) => part !== '')
  if (parts.length === 0) return []
  const headline = biggest[0]?.headline?.phase.title.toLowerCase() ?? ''
  const from = formatValue(slopes.from.value, 'bytes')
  const text = `From ${from} up (${headline}): ${parts.join('; ')}.`
  return [{ tone: 'finding', scenario: scenario.id, text }]
}

/** An interval wider than all that is called flat may hold anything. */
function isKnown({ low, high }: Slope): boolean {
  return low === null || high === null || high - low <= 2 * GROWTH.flatTo
}

function describe(slopes: readonly Slope[], one: string, many: string, withExponent: boolean): string {
  if (slopes.length === 0) return ''
  const names = slopes.map((slope) =>
    withExponent ? `${slope.configuration} (${describeExponent(slope)})` : slope.configuration,
  )
  return `${joinList(names)} ${slopes.length === 1 ? one : many}`
}

/** `exponent 0.99, 0.97 – 1.02`. */
function describeExponent({ slope, low, high }: Slope): string {
  const interval = low === null || high === null ? '' : `, ${low.toFixed(2)} – ${high.toFixed(2)}`
  return `exponent ${slope.toFixed(2)}${interval}`
}

/** Configurations that are measured a second time under a label: what comes of comparing a thing with its equal. */
export function describeLabelled({ biggest, scenario }: Panel, time: RoundTime): Sentence[] {
  return biggest.flatMap(({ cell, control, ratio, injected }) => {
    if (control?.role !== 'driver' || ratio === null) return []
    const delay = injected === null ? '' : `, with a delay injected: ${formatInjected(injected)}`
    const text = `${cell.configuration} against its equal, ${control.configuration}${delay}: ${formatRatio(ratio.ratio)}, ${answerText(ratio, time)} (${cell.label}).`
    return [{ tone: 'note', scenario: scenario.id, text }]
  })
}
