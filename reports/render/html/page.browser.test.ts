import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBarriers } from '../../testing/accessibility.ts'
import { CHROMIUM, hasChromium, launchChromium } from '../../testing/chromium.ts'
import { EVERY_CONFIGURATION, EVERY_SCENARIO, fixtureRun } from '../../testing/fixture-run.ts'
import { summarize } from '../../summary/summarize.ts'
import { runHtml } from './run.ts'

// What runs in the page is handed over as text: the project is compiled without the types of a browser.
const PAPER = 'getComputedStyle(document.body).backgroundColor'

const { run, samples } = fixtureRun({ rounds: 12, state: 'interrupted' })
/** Sixteen configurations, one of which cannot run here, and five questions. */
const every = fixtureRun({
  rounds: 12,
  configurations: EVERY_CONFIGURATION,
  scenarios: EVERY_SCENARIO,
})

describe.skipIf(!hasChromium)(`the page in ${CHROMIUM}`, { timeout: 60_000 }, () => {
  let browser: Browser
  let directory: string
  let url: string
  let everyUrl: string
  /** Requests, errors and messages of the console, of every page that {@link open} made. */
  const heard: string[] = []

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'bench-report-'))
    const file = join(directory, 'report.html')
    writeFileSync(file, runHtml(summarize(run, samples), samples))
    url = pathToFileURL(file).href
    const everyFile = join(directory, 'every.html')
    writeFileSync(everyFile, runHtml(summarize(every.run, every.samples), every.samples))
    everyUrl = pathToFileURL(everyFile).href
    browser = await launchChromium()
  }, 60_000)

  afterAll(async () => {
    await browser.close()
    rmSync(directory, { recursive: true })
  })

  async function open(options: BrowserContextOptions = {}, address = url): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options })
    page.on('request', (request) => heard.push(`request ${request.url()}`))
    page.on('console', (message) => heard.push(`console ${message.text()}`))
    page.on('pageerror', (error) => heard.push(`error ${error.message}`))
    await page.goto(address)
    return page
  }

  /** Opens everything that is folded, and waits until the charts in it have a size. */
  async function unfold(page: Page): Promise<void> {
    await page.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true`)
    await page.waitForFunction(`[...document.querySelectorAll('canvas')].every(({ width, clientWidth }) => {
      return clientWidth > 0 && Math.abs(width - clientWidth * devicePixelRatio) <= devicePixelRatio
    })`)
  }

  /** How many colours each canvas shows; a blank one has one. */
  const coloursDrawn = (page: Page): Promise<number[]> =>
    page.evaluate(`[...document.querySelectorAll('canvas')].map((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      return new Set(new Uint32Array(data.buffer)).size
    })`)

  it('asks for nothing but itself and has nothing to say on the console', async () => {
    heard.length = 0
    const page = await open()
    await page.evaluate('scrollTo(0, document.body.scrollHeight)')
    await page.close()
    expect(heard).toEqual([`request ${url}`])
  })

  it('draws every chart, says in words what it shows, and has a table for it', async () => {
    const page = await open()
    await unfold(page)
    const drawn = await coloursDrawn(page)
    // bigfile: size, ratio, phases; smallwrites: headline, ratio, phases, and two rates, ratio, two latencies; startup:
    // headline, ratio, phases.
    expect(drawn).toHaveLength(14)
    for (const colours of drawn) expect(colours).toBeGreaterThan(10)
    const labels = await page.$$eval('canvas', (canvases) =>
      canvases.map((one) => one.getAttribute('aria-label') ?? ''),
    )
    for (const label of labels) expect(label.length).toBeGreaterThan(60)
    const panels = await page.$$eval('.panel', (all) =>
      all.map((panel) => panel.querySelectorAll('table').length),
    )
    for (const tables of panels) expect(tables).toBeGreaterThanOrEqual(1)
    await page.close()
  })

  it('shows beside each figure how far it can be trusted', async () => {
    const page = await open()
    const table = page.locator('#bigfile-1-table, #bigfile-1-others')
    const texts = async (selector: string) => (await table.locator(selector).allTextContents()).join('\n')
    expect(await texts('.mark')).toMatch(/^± \d+ %$/m)
    expect(await texts('.mark')).toMatch(/2 modes:\n1\.\d+ ms, \d+ %\n3\.\d+ ms, \d+ %/)
    expect(await texts('.mark')).toMatch(/\d outliers?/)
    expect(await texts('.sub')).toMatch(/p 0\.0\d+/)
    // A line over the run for each cell that was measured; a bar where the file was copied up.
    expect(await table.locator('.spark').count()).toBe(27)
    expect(await table.locator('.bar').count()).toBe(6)
    const overflowing = await page.evaluate(`[...document.querySelectorAll('.bar')].filter((bar) => {
      const [outer, inner] = [bar, bar.firstElementChild].map((one) => one.getBoundingClientRect().width)
      return !(inner > 0 && inner <= outer)
    }).length`)
    expect(overflowing).toBe(0)
    await page.close()
  })

  it.each(['light', 'dark'] as const)(
    'shows the whole answer for sixteen configurations on the first screen (%s)',
    async (colorScheme) => {
      const page = await open({ colorScheme }, everyUrl)
      const matrix = await page.evaluate<{ bottom: number; right: number; scrolls: boolean }>(`(() => {
        const table = document.querySelector('.matrix')
        const { bottom, right } = table.getBoundingClientRect()
        return { bottom, right, scrolls: table.scrollWidth > table.parentElement.clientWidth }
      })()`)
      expect(matrix.bottom).toBeLessThanOrEqual(900)
      expect(matrix.right).toBeLessThanOrEqual(1280)
      expect(matrix.scrolls).toBe(false)
      expect(await page.locator('.matrix tbody tr').count()).toBe(15)
      expect(await page.locator('.answers li').count()).toBeLessThanOrEqual(6)
      await page.close()
    },
  )

  it('is at most 9,000 pixels high for sixteen configurations', async () => {
    const page = await open({}, everyUrl)
    expect(await page.evaluate('document.documentElement.scrollHeight')).toBeLessThanOrEqual(9000)
    await page.close()
  })

  it('says nowhere in one breath that there is no interval, no answer and no precision', async () => {
    const few = fixtureRun({ rounds: 1 })
    expect(runHtml(summarize(few.run, few.samples), few.samples)).not.toMatch(/no interval;|unconverged: no/)
  })

  it('has landmarks, captions, scopes and one first heading', async () => {
    const page = await open()
    const counts = await page.evaluate<Record<string, unknown>>(`(() => {
      const count = (selector) => document.querySelectorAll(selector).length
      return {
        landmarks: ['header', 'nav', 'main', 'footer'].map((name) => count('body > ' + name)),
        h1: count('h1'),
        tables: count('table'),
        captioned: count('table > caption'),
        headsWithoutScope: count('th:not([scope])'),
        unnamedSections: count('section:not([aria-labelledby])'),
        deadLinks: [...document.querySelectorAll('a')].filter(({ hash }) => !document.querySelector(hash)).length,
        repeatedIds: count('[id]') - new Set([...document.querySelectorAll('[id]')].map(({ id }) => id)).size,
      }
    })()`)
    expect(counts).toMatchObject({ landmarks: [1, 1, 1, 1], h1: 1, headsWithoutScope: 0, unnamedSections: 0 })
    expect(counts).toMatchObject({ deadLinks: 0, repeatedIds: 0, captioned: counts['tables'] })
    await page.close()
  })

  it.each([
    ['light', 360],
    ['light', 1280],
    ['dark', 360],
    ['dark', 1280],
  ] as const)('bars nobody who sees poorly or does not see (%s, %i px)', async (colorScheme, width) => {
    for (const address of width === 1280 ? [url, everyUrl] : [url]) {
      const page = await open({ colorScheme, viewport: { width, height: 900 } }, address)
      await unfold(page)
      expect(await findBarriers(page)).toEqual([])
      await page.close()
    }
  })

  it('lets the keyboard skip to the content, and shows where it is', async () => {
    const page = await open()
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.className')).toBe('skip')
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('content')
    await page.close()
  })

  it('says that the run was interrupted before anything else', async () => {
    const page = await open()
    expect(await page.textContent('main .banner')).toMatch(/^This run was interrupted: \d+ of 60 cells/)
    await page.close()
  })

  it.each([360, 768, 1280])('does not scroll sideways at %i px', async (width) => {
    const page = await open({ viewport: { width, height: 800 } })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    await unfold(page)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    const outside = await page.evaluate(`[...document.querySelectorAll('figure, canvas, .scroll')]
      .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
      .map(({ id, className }) => id || className)`)
    expect(outside).toEqual([])
    await page.close()
  })

  it('follows the system to the dark, and the button anywhere', async () => {
    const page = await open({ colorScheme: 'dark' })
    const paper = () => page.evaluate(PAPER)
    expect(await paper()).toBe('rgb(18, 21, 26)')
    const button = page.getByRole('button', { name: 'Theme: system' })
    await button.click()
    expect(await paper()).toBe('rgb(255, 255, 255)')
    expect(await page.textContent('#theme')).toBe('Theme: light')
    await unfold(page)
    for (const colours of await coloursDrawn(page)) expect(colours).toBeGreaterThan(10)
    await page.close()
  })

  it('prints in the light, with charts, and nothing folded away', async () => {
    const page = await open({ colorScheme: 'dark' })
    await page.evaluate(`addEventListener('beforeprint', () => {
      document.body.dataset.folded = document.querySelectorAll('details:not([open])').length
    })`)
    const pdf = await page.pdf({ format: 'A4', printBackground: true })
    expect(pdf.byteLength).toBeGreaterThan(100_000)
    expect(await page.evaluate('document.body.dataset.folded')).toBe('0')
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await page.evaluate(PAPER)).toBe('rgb(255, 255, 255)')
    await page.close()
  })

  it('takes a configuration out of a chart and puts it back, from its legend', async () => {
    const page = await open()
    const picture = () => page.$eval('canvas', (canvas) => canvas.toDataURL())
    const before = await picture()
    const entry = page.locator('.legend button').nth(3)
    await entry.press('Enter')
    expect(await entry.getAttribute('aria-pressed')).toBe('false')
    expect(await picture()).not.toBe(before)
    await entry.press('Enter')
    expect(await picture()).toBe(before)
    await page.close()
  })

  it('hands out run.json and samples.ndjson', async () => {
    const page = await open({ acceptDownloads: true })
    const download = async (name: string) => {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: `Download ${name}` }).click(),
      ])
      expect(file.suggestedFilename()).toBe(name)
      return readFileSync(await file.path(), 'utf8')
    }
    expect(JSON.parse(await download('run.json'))).toEqual(run)
    const lines = (await download('samples.ndjson')).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual(samples)
    await page.close()
  })
})
