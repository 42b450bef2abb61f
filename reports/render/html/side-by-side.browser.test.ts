/** The pages of a fleet, of a comparison and of a history in a browser. What they have in common with a run's: page.browser.test.ts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareRuns } from '../../compare/compare.ts'
import { summarizeFleet } from '../../fleet/summarize.ts'
import { historyOf } from '../../history/history.ts'
import { findBarriers } from '../../testing/accessibility.ts'
import { CHROMIUM, hasChromium, launchChromium } from '../../testing/chromium.ts'
import { fixtureFleet } from '../../testing/fixture-fleet.ts'
import { nights } from '../../testing/fixture-nights.ts'
import { fixturePair } from '../../testing/fixture-pair.ts'
import { comparisonHtml } from './comparison.ts'
import { fleetHtml } from './fleet.ts'
import { historyHtml } from './history.ts'

const PAGES = {
  fleet() {
    const { fleet, runs } = fixtureFleet()
    return fleetHtml(summarizeFleet(fleet, runs))
  },
  comparison() {
    const { baseline, candidate } = fixturePair()
    return comparisonHtml(compareRuns(baseline, candidate, { thresholds: { threshold: 0.05 }, across: [] }))
  },
  history() {
    const changes = (number: number) => ({
      factors: { first: number >= 40 ? 1.3 : 1, bare: number >= 70 ? 1.2 : 1 },
    })
    return historyHtml(historyOf(nights(90, changes), [], { threshold: 0.05 }), '0.0.0')
  },
}
type Name = keyof typeof PAGES

describe.skipIf(!hasChromium)(`in ${CHROMIUM}`, { timeout: 60_000 }, () => {
  let browser: Browser
  let directory: string

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'bench-report-'))
    for (const [name, draw] of Object.entries(PAGES)) writeFileSync(join(directory, `${name}.html`), draw())
    browser = await launchChromium()
  }, 60_000)

  afterAll(async () => {
    await browser.close()
    rmSync(directory, { recursive: true })
  })

  const urlOf = (name: Name) => pathToFileURL(join(directory, `${name}.html`)).href

  async function open(name: Name, options: BrowserContextOptions = {}, heard: string[] = []): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options })
    page.on('request', (request) => heard.push(`request ${request.url()}`))
    page.on('console', (message) => heard.push(`console ${message.text()}`))
    page.on('pageerror', (error) => heard.push(`error ${error.message}`))
    await page.goto(urlOf(name))
    return page
  }

  it.each<Name>(['fleet', 'comparison', 'history'])(
    '%s: asks for nothing but itself, and reports no error',
    async (name) => {
      const heard: string[] = []
      const page = await open(name, {}, heard)
      await page.close()
      expect(heard).toEqual([`request ${urlOf(name)}`])
    },
  )

  it.each<[Name, number]>([
    ['fleet', 375],
    ['fleet', 1280],
    ['comparison', 375],
    ['comparison', 1280],
    ['history', 375],
    ['history', 1280],
  ])('%s: does not scroll sideways at %i px', async (name, width) => {
    const page = await open(name, { viewport: { width, height: 800 } })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    await page.close()
  })

  it.each<[Name, 'light' | 'dark', number]>([
    ['fleet', 'light', 360],
    ['fleet', 'dark', 1280],
    ['comparison', 'light', 360],
    ['comparison', 'dark', 1280],
    ['history', 'light', 360],
    ['history', 'dark', 1280],
  ])('%s: bars nobody who sees poorly or does not see (%s, %i px)', async (name, colorScheme, width) => {
    const page = await open(name, { colorScheme, viewport: { width, height: 900 } })
    expect(await findBarriers(page)).toEqual([])
    await page.close()
  })

  it.each<Name>(['fleet', 'comparison', 'history'])(
    '%s: has captions, scopes, and no link to nowhere',
    async (name) => {
      const page = await open(name)
      const counts = await page.evaluate<Record<string, unknown>>(`(() => {
      const count = (selector) => document.querySelectorAll(selector).length
      return {
        landmarks: ['header', 'nav', 'main', 'footer'].map((name) => count('body > ' + name)),
        h1: count('h1'),
        uncaptioned: count('table:not(:has(caption))'),
        headsWithoutScope: count('th:not([scope])'),
        unnamedSections: count('section:not([aria-labelledby])'),
        deadLinks: [...document.querySelectorAll('a[href^="#"]')].filter(({ hash }) => !document.querySelector(hash)).length,
        repeatedIds: count('[id]') - new Set([...document.querySelectorAll('[id]')].map(({ id }) => id)).size,
      }
    })()`)
      expect(counts).toEqual({
        landmarks: [1, 1, 1, 1],
        h1: 1,
        uncaptioned: 0,
        headsWithoutScope: 0,
        unnamedSections: 0,
        deadLinks: 0,
        repeatedIds: 0,
      })
      await page.close()
    },
  )

  it('comparison: draws a chart for each kind of workload, in the dark, too', async () => {
    const page = await open('comparison', { colorScheme: 'dark' })
    const colours = await page.evaluate<number[]>(`[...document.querySelectorAll('canvas')].map((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      return new Set(new Uint32Array(data.buffer)).size
    })`)
    expect(colours.length).toBeGreaterThanOrEqual(3)
    for (const drawn of colours) expect(drawn).toBeGreaterThan(10)
    expect(await page.textContent('.state')).toMatch(/^\d+ regressions$/)
    await page.close()
  })

  it('fleet: changes its theme without a chart to draw again', async () => {
    const heard: string[] = []
    const page = await open('fleet', { colorScheme: 'dark' }, heard)
    await page.getByRole('button', { name: 'Theme: system' }).click()
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)')
    expect(await page.getAttribute('#hosts a', 'href')).toBe('hosts/rack-1/report.html')
    expect(heard).toEqual([`request ${urlOf('fleet')}`])
    await page.close()
  })
})
