import type { History } from '../../../harness/contracts/history.ts'
import { type Assets, loadAssets } from './assets.ts'
import { draw, shellOf } from './shell.ts'
import { historyView } from './view/history.ts'
import { assignStyles } from './view/palette.ts'

/** One self-contained HTML file of a history; its time lines are drawn without a script. `bench`: version of this program. */
export function historyHtml(history: History, bench: string, assets: Assets = loadAssets()): string {
  const shell = shellOf(assets, assignStyles([]), [])
  return draw(
    'history',
    { ...historyView(history, bench), ...shell, css: shell.css + assets.historyCss },
    assets,
  )
}
