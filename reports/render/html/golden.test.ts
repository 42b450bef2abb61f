import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { compareRuns } from '../../compare/compare.ts'
import { summarizeFleet } from '../../fleet/summarize.ts'
import { summarize } from '../../summary/summarize.ts'
import { fixtureFleet } from '../../testing/fixture-fleet.ts'
import { fixturePair } from '../../testing/fixture-pair.ts'
import { fixtureRun } from '../../testing/fixture-run.ts'
import { type Assets, loadAssets } from './assets.ts'
import { comparisonHtml } from './comparison.ts'
import { fleetHtml } from './fleet.ts'
import { renderPage } from './run.ts'

const UPDATE = 'UPDATE_GOLDEN=1 npx vitest run reports/render/html/golden.test.ts'
const CONFIGURATIONS = ['bare@ext4', 'overlay2@ext4']

const PAGES: readonly (readonly [name: string, draw: (assets: Assets) => string])[] = [
  [
    'report',
    (assets) => {
      const { run, samples } = fixtureRun({ rounds: 5, configurations: CONFIGURATIONS })
      return renderPage(summarize(run, samples), samples, assets, 0)
    },
  ],
  [
    'fleet',
    (assets) => {
      const { fleet, runs } = fixtureFleet({ configurations: CONFIGURATIONS })
      return fleetHtml(summarizeFleet(fleet, runs), assets)
    },
  ],
  [
    'comparison',
    (assets) => {
      const { baseline, candidate } = fixturePair({
        configurations: [...CONFIGURATIONS, 'bare@xfs', 'overlay2@xfs'],
      })
      return comparisonHtml(
        compareRuns(baseline, candidate, { thresholds: { threshold: 0.05 }, across: [] }),
        assets,
      )
    },
  ],
]

it.each(PAGES)(
  `draws the page as it is in golden/%s.golden; if it should differ: ${UPDATE}`,
  (name, draw) => {
    // Content with a file of its own is not repeated here.
    const assets = {
      ...loadAssets(),
      chartJs: '/* Chart.js */',
      client: '/* report.js */',
      css: '',
      darkCss: '',
    }
    const html = draw(assets)
    const golden = new URL(`./golden/${name}.golden`, import.meta.url)
    if (process.env['UPDATE_GOLDEN']) writeFileSync(golden, html)
    expect(html, `the page differs from its golden file; if it should, run: ${UPDATE}`).toBe(
      readFileSync(golden, 'utf8'),
    )
  },
)
