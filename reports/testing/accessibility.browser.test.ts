import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBarriers } from './accessibility.ts'
import { CHROMIUM, hasChromium, launchChromium } from './chromium.ts'

const pageOf = (main: string) => `<html lang="en"><title>page</title><main><h1>one</h1>${main}</main>`

describe.skipIf(!hasChromium)(`findBarriers in ${CHROMIUM}`, { timeout: 60_000 }, () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await launchChromium()
  }, 60_000)

  afterAll(() => browser.close())

  it.each([
    ['grey on white', '<p style="color: #999">text</p>', /^color-contrast: <p/],
    ['a button without a name', '<button></button>', /^button-name: <button/],
    ['a level of headings that is left out', '<h3>three</h3>', /^heading-order: <h3/],
    [
      'a button of few pixels',
      '<button style="all: unset">a</button><button style="all: unset">b</button>',
      /^target-size: <button/,
    ],
  ])('finds %s', async (_, html, fault) => {
    const page = await browser.newPage()
    await page.setContent(pageOf(html))
    const found = await findBarriers(page)
    expect(found).not.toEqual([])
    for (const one of found) expect(one).toMatch(fault)
    await page.close()
  })

  it('finds nothing in what is plain to all', async () => {
    const page = await browser.newPage()
    await page.setContent(
      pageOf('<h2>two</h2><p style="color: #555">text with <a href="#a">a link</a></p><p id="a">end</p>'),
    )
    expect(await findBarriers(page)).toEqual([])
    await page.close()
  })
})
