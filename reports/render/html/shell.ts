/** The frame of every page, and how its templates are put together. */
import Handlebars from 'handlebars'
import type { Assets } from './assets.ts'
import { embedJson, embedScript } from './embed.ts'
import type { ChartSpec } from './view/chart-spec.ts'
import { phaseCss, seriesCss, type Styles } from './view/palette.ts'

/** Inlined as it is. */
export interface Shell {
  css: string
  darkCss: string
  /** Empty for a page without charts. */
  chartJs: string
  client: string
  charts: string
}

/** Content of the head and masthead of every page. */
export interface Masthead {
  title: string
  host: string
  facts: readonly string[]
  state: { name: string; text: string }
  contents: readonly { anchor: string; title: string }[]
  /** Version of this program. */
  bench: string
}

export function shellOf(assets: Assets, styles: Styles, charts: readonly ChartSpec[]): Shell {
  return {
    css: assets.css + seriesCss(styles, 'light') + phaseCss('light'),
    darkCss: assets.darkCss + seriesCss(styles, 'dark') + phaseCss('dark'),
    chartJs: charts.length === 0 ? '' : embedScript(assets.chartJs),
    client: embedScript(assets.client),
    charts: embedJson(charts),
  }
}

/** Draws the template of that name; `view` has every name that it asks for. */
export function draw(template: string, view: Shell & Masthead, { templates }: Assets): string {
  const handlebars = Handlebars.create()
  for (const [name, source] of templates) handlebars.registerPartial(name, source)
  // `strict`: a name that the view does not have is an error, not an empty place.
  return handlebars.compile(`{{> ${template}}}`, { strict: true, preventIndent: true })(view)
}
