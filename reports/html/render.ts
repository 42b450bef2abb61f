import Handlebars from 'handlebars'
import type { Sample } from '../../harness/contracts/run.ts'
import type { Summary } from '../summary/types.ts'
import { type Assets, loadAssets } from './assets.ts'
import { embedJson, embedScript } from './embed.ts'
import { chartSpecs, type PageView, pageView } from './view/page.ts'
import { assignStyles, phaseCss, seriesCss } from './view/palette.ts'
import { type RawData, rawData, SAMPLES_LIMIT } from './view/raw-data.ts'

/** What the outermost template gets: the view, and what is inlined as it is. */
interface Page extends PageView {
  raw: Pick<RawData, 'note'> & { run: string; samples: string }
  hasSamples: boolean
  css: string
  darkCss: string
  chartJs: string
  client: string
  charts: string
}

/**
 * One self-contained HTML file of a run: it asks nothing of any server, and says so in its Content-Security-Policy.
 * The samples are those that were summarized; they are read as far as the page carries them.
 */
export function renderHtml(summary: Summary, samples: Iterable<Sample>): string {
  return renderPage(summary, samples, loadAssets())
}

/** The same with the assets and the limit of samples handed in, so that a test can leave out what it does not look at. */
export function renderPage(
  summary: Summary,
  samples: Iterable<Sample>,
  assets: Assets,
  samplesLimit = SAMPLES_LIMIT,
): string {
  const view = pageView(summary)
  const raw = rawData(summary, samples, samplesLimit)
  const styles = assignStyles(summary.run.drivers)
  const page: Page = {
    ...view,
    raw: { ...raw, samples: raw.samples ?? '' },
    hasSamples: raw.samples !== null,
    css: assets.css + seriesCss(styles, 'light') + phaseCss('light'),
    darkCss: assets.darkCss + seriesCss(styles, 'dark') + phaseCss('dark'),
    chartJs: embedScript(assets.chartJs),
    client: embedScript(assets.client),
    charts: embedJson(chartSpecs(view)),
  }
  return compile(assets.templates)(page)
}

function compile(templates: ReadonlyMap<string, string>): Handlebars.TemplateDelegate<Page> {
  const handlebars = Handlebars.create()
  for (const [name, source] of templates) handlebars.registerPartial(name, source)
  // `strict`: a name that the view does not have is an error, not an empty place.
  return handlebars.compile<Page>('{{> page}}', { strict: true, preventIndent: true })
}
