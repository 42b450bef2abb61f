import type { Comparison } from '../../compare/types.ts'
import { type Assets, loadAssets } from './assets.ts'
import { draw, shellOf } from './shell.ts'
import { comparisonView } from './view/comparison.ts'
import { assignStyles } from './view/palette.ts'

/** One self-contained HTML file of two runs. */
export function comparisonHtml(comparison: Comparison, assets: Assets = loadAssets()): string {
  const styles = assignStyles(comparison.candidate.run.drivers)
  const view = comparisonView(comparison, styles)
  const charts = view.scenarios.flatMap(({ panels }) => panels.flatMap((panel) => panel.charts))
  const specs = charts.map(({ spec }) => spec)
  return draw('comparison', { ...view, ...shellOf(assets, styles, specs) }, assets)
}
