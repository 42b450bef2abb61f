import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { summarize } from '../summary/summarize.ts'
import { fixtureRun } from '../testing/fixture-run.ts'
import { loadAssets } from './assets.ts'
import { renderPage } from './render.ts'

const GOLDEN = new URL('./golden/report.golden', import.meta.url)
const UPDATE = 'UPDATE_GOLDEN=1 npx vitest run reports/html/golden.test.ts'

it(`draws the page as it is in golden/report.golden; if it should differ: ${UPDATE}`, () => {
  const { run, samples } = fixtureRun({ rounds: 5, drivers: ['bare@ext4', 'overlay2@ext4'] })
  // What lies in files of its own is not repeated here.
  const assets = {
    ...loadAssets(),
    chartJs: '/* Chart.js */',
    client: '/* report.js */',
    css: '',
    darkCss: '',
  }
  const html = renderPage(summarize(run, samples), samples, assets, 0)
  if (process.env['UPDATE_GOLDEN']) writeFileSync(GOLDEN, html)
  expect(html, `the page differs from its golden file; if it should, run: ${UPDATE}`).toBe(
    readFileSync(GOLDEN, 'utf8'),
  )
})
