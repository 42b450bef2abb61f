import type { Sample } from '../../../harness/contracts/sample.ts'
import type { Summary } from '../../summary/types.ts'
import { type Assets, loadAssets } from './assets.ts'
import { draw, type Shell, shellOf } from './shell.ts'
import { chartSpecs, type PageView, pageView } from './view/page.ts'
import { assignStyles } from './view/palette.ts'
import { type RawData, rawData, SAMPLES_LIMIT } from './view/raw-data.ts'

/** Context of the outermost template: the view, and the parts inlined unchanged. */
interface Page extends PageView, Shell {
  raw: Pick<RawData, 'note'> & { run: string; samples: string }
  hasSamples: boolean
}

/**
 * One self-contained HTML file of a run: it asks nothing of any server, and says so in its Content-Security-Policy.
 * The samples are those that were summarized; they are read as far as the page carries them.
 */
export function runHtml(summary: Summary, samples: Iterable<Sample>): string {
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
  const page: Page = {
    ...view,
    ...shellOf(assets, assignStyles(summary.run.drivers), chartSpecs(view)),
    raw: { ...raw, samples: raw.samples ?? '' },
    hasSamples: raw.samples !== null,
  }
  return draw('page', page, assets)
}
