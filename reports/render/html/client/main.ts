/**
 * The page's script: draws the charts, switches the theme, unfolds everything for print and hands out the raw data. The
 * build joins these modules to one classic script. Every text stands ready in the data; nothing is formatted here.
 */
import { drawCharts } from './charts.ts'
import { offerDownloads } from './downloads.ts'
import { applyLegends, connectLegends } from './legends.ts'
import { preparePrint } from './print.ts'
import { connectTheme } from './theme.ts'

function draw(): void {
  drawCharts()
  applyLegends()
}

connectLegends()
connectTheme(draw)
preparePrint(draw)
offerDownloads()
draw()
