import { describe, expect, it } from 'vitest'
import { gunzipSync } from 'node:zlib'
import type { Run } from '../../../harness/contracts/run.ts'
import type { Sample } from '../../../harness/contracts/sample.ts'
import { summarize } from '../../summary/summarize.ts'
import { fixtureRun } from '../../testing/fixture-run.ts'
import { loadAssets } from './assets.ts'
import { runHtml, renderPage } from './run.ts'

const htmlOf = (run: Run, samples: Sample[]) => runHtml(summarize(run, samples), samples)

/** The text of a `script` element by its id. */
function scriptText(html: string, id: string): string | null {
  return (
    new RegExp(`<script type="application/(?:json|gzip)" id="${id}">([^]*?)</script>`).exec(html)?.[1] ?? null
  )
}

/** The samples that the page carries. */
function samplesIn(html: string): unknown[] {
  const text = gunzipSync(Buffer.from(scriptText(html, 'samples-data') ?? '', 'base64')).toString()
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
}

describe('runHtml', () => {
  it('carries run and samples unchanged', () => {
    const { run, samples } = fixtureRun({ rounds: 3 })
    const html = htmlOf(run, samples)
    expect(JSON.parse(scriptText(html, 'run-data') ?? '')).toEqual(run)
    expect(samplesIn(html)).toEqual(samples)
  })

  it('takes no string of a run for markup', () => {
    const { run, samples } = fixtureRun({ rounds: 2 })
    const hostile = '</script><img src=x onerror="alert(1)">\u2028<!--'
    const cell = run.cells[0]?.id ?? ''
    run.command = hostile
    run.host.cpu.model = hostile
    run.scenarios = run.scenarios.map((scenario) => ({ ...scenario, title: hostile, question: hostile }))
    run.outcomes[cell] = { state: 'failed', code: 'x', reason: hostile, hint: hostile }
    for (const sample of samples) sample.warnings = [{ code: hostile, message: hostile }]
    const html = htmlOf(run, samples)
    expect(html).not.toContain('<img')
    expect(html).not.toContain('<!--')
    expect(JSON.parse(scriptText(html, 'run-data') ?? '')).toEqual(run)
    // One element each for charts, run, samples, Chart.js and the page's own script.
    expect(html.match(/<\/script>/g)).toHaveLength(5)
  })

  it('names no address, and forbids every request', () => {
    const { run, samples } = fixtureRun({ rounds: 1 })
    const html = htmlOf(run, samples).replace(/<script>[^]*?<\/script>/g, '')
    expect(html).not.toMatch(/\b(?:src|srcset|action|poster)=|url\(|@import|href="(?!#)/)
    expect(html).toContain("default-src 'none'")
  })

  it('leaves the samples in the run folder when they are too many', () => {
    const { run, samples } = fixtureRun({ rounds: 1 })
    const pageOf = (limit: number) => renderPage(summarize(run, samples), samples, loadAssets(), limit)
    const needed = scriptText(pageOf(1e6), 'samples-data')?.length ?? Number.NaN
    expect(scriptText(pageOf(needed), 'samples-data')).toHaveLength(needed)
    const html = pageOf(needed - 1)
    expect(scriptText(html, 'samples-data')).toBeNull()
    expect(html).toContain('samples.ndjson, in the run’s folder')
  })

  it('reads at most the samples that it may carry', () => {
    const { run, samples } = fixtureRun({ rounds: 1 })
    let read = 0
    const endless = {
      *[Symbol.iterator](): Generator<Sample> {
        for (;;) {
          read += samples.length
          yield* samples
        }
      },
    }
    const html = renderPage(summarize(run, samples), endless, loadAssets(), 50_000)
    expect(scriptText(html, 'samples-data')).toBeNull()
    expect(read).toBeLessThan(1000)
  })

  it('draws a run without any sample, and one without cells', () => {
    const { run } = fixtureRun({ state: 'interrupted' })
    expect(htmlOf(run, [])).toContain('0 of 60 cells have samples')
    expect(htmlOf({ ...run, cells: [], outcomes: {}, scenarios: [], drivers: [] }, [])).toContain(
      'The answer',
    )
  })
})
