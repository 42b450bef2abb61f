import type { FleetSummary } from '../../fleet/types.ts'
import { type Assets, loadAssets } from './assets.ts'
import { draw, shellOf } from './shell.ts'
import { fleetView } from './view/fleet.ts'
import { assignStyles } from './view/palette.ts'

/** One self-contained HTML file of a fleet; it links to the reports of its hosts, which lie below it. */
export function fleetHtml(summary: FleetSummary, assets: Assets = loadAssets()): string {
  const styles = assignStyles(summary.measured.flatMap(({ summary: { run } }) => run.drivers))
  return draw('fleet', { ...fleetView(summary, styles), ...shellOf(assets, styles, []) }, assets)
}
