import type { ClaimRow } from '../../../harness/contracts/claims.ts'
import type { Run } from '../../../harness/contracts/run.ts'
import { type Assets, loadAssets } from './assets.ts'
import { draw, shellOf } from './shell.ts'
import { claimsView } from './view/claims.ts'
import { assignStyles } from './view/palette.ts'

/** One self-contained HTML file of judged claims. */
export function claimsHtml(run: Run, rows: readonly ClaimRow[], assets: Assets = loadAssets()): string {
  const styles = assignStyles(run.drivers)
  return draw('claims', { ...claimsView(run, rows), ...shellOf(assets, styles, []) }, assets)
}
