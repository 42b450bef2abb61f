import { describe, expect, it } from 'vitest'
import type { Sample } from '../../harness/contracts/run.ts'
import { fixtureRun } from '../testing/fixture-run.ts'
import { renderHtml } from './render.ts'

/** The text of a `script` element by its id. */
function scriptText(html: string, id: string): string | null {
  return new RegExp(`<script type="application/json" id="${id}">([^]*?)</script>`).exec(html)?.[1] ?? null
}

describe('renderHtml', () => {
  it('carries run and samples unchanged', () => {
    const { run, samples } = fixtureRun({ rounds: 3 })
    const html = renderHtml(run, samples)
    expect(JSON.parse(scriptText(html, 'run-data') ?? '')).toEqual(run)
    expect(JSON.parse(scriptText(html, 'samples-data') ?? '')).toEqual(samples)
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
    const html = renderHtml(run, samples)
    expect(html).not.toContain('<img')
    expect(html).not.toContain('<!--')
    expect(JSON.parse(scriptText(html, 'run-data') ?? '')).toEqual(run)
    // One element each for charts, run, samples, Chart.js and the page's own script.
    expect(html.match(/<\/script>/g)).toHaveLength(5)
  })

  it('names no address, and forbids every request', () => {
    const { run, samples } = fixtureRun({ rounds: 1 })
    const html = renderHtml(run, samples).replace(/<script>[^]*?<\/script>/g, '')
    expect(html).not.toMatch(/\b(?:src|srcset|action|poster)=|url\(|@import|href="(?!#)/)
    expect(html).toContain("default-src 'none'")
  })

  it('leaves the samples in the run folder when they are too many', () => {
    const { run, samples } = fixtureRun({ rounds: 1 })
    const many: Sample[] = Array.from({ length: 60 }, (_, round) =>
      samples.map((sample) => ({ ...sample, round })),
    ).flat()
    const html = renderHtml(run, many)
    expect(JSON.stringify(many).length).toBeGreaterThan(3_000_000)
    expect(html.length).toBeLessThan(1_000_000)
    expect(scriptText(html, 'samples-data')).toBeNull()
    expect(html).toContain('samples.ndjson, in the run’s folder')
  })

  it('draws a run without any sample, and one without cells', () => {
    const { run } = fixtureRun({ state: 'interrupted' })
    expect(renderHtml(run, [])).toContain('0 of 60 cells have samples')
    expect(renderHtml({ ...run, cells: [], outcomes: {}, scenarios: [], drivers: [] }, [])).toContain(
      'Verdict',
    )
  })
})
