import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBarriers } from './accessibility.ts'
import { CHROMIUM, hasChromium, launchChromium } from './chromium.ts'

describe.skipIf(!hasChromium)(`findBarriers in ${CHROMIUM}`, { timeout: 60_000 }, () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await launchChromium()
  }, 60_000)

  afterAll(() => browser.close())

  it.each([
    ['grey on white', '<p style="color: #999">text</p>', /^contrast 2\.85: <p/],
    [
      'white on what is nearly clear',
      '<p style="background: #0001; color: #fff">text</p>',
      /^contrast 1\.\d+: <p/,
    ],
    ['a button without a name', '<button style="width: 3em; height: 3em"></button>', /^no name: <button/],
    [
      'a picture without an alternative',
      '<svg width="9" height="9"><rect width="9" height="9"/></svg>',
      /^no alternative: <svg/,
    ],
    [
      'what the keyboard cannot scroll',
      '<div style="overflow: auto; width: 9em"><div style="width: 99em">text</div></div>',
      /^scrolls, but not by the keyboard: <div/,
    ],
    [
      'a button of few pixels',
      '<button style="all: unset; font-size: 9px">a</button>',
      /^target of \d+ by \d+: <button/,
    ],
    ['a level of headings that is left out', '<h1>one</h1><h3>three</h3>', /^heading after level 1: <h3/],
    ['a list with something else in it', '<ul><p>text</p></ul>', /^in a list, but no item: <p/],
    [
      'a head without a scope',
      '<table><thead><tr><th>head</th></tr></thead></table>',
      /^head without text or scope: <th/,
    ],
    ['a name without a role', '<pre aria-label="name">text</pre>', /^name without a role: <pre/],
  ])('finds %s', async (_, html, fault) => {
    const page = await browser.newPage()
    await page.setContent(html)
    expect(await findBarriers(page)).toEqual([expect.stringMatching(fault)])
    await page.close()
  })

  it('finds nothing in what is plain to all', async () => {
    const page = await browser.newPage()
    await page.setContent(
      '<h1>one</h1><h2>two</h2><p style="color: #555">text with <a href="#a">a link</a></p>',
    )
    expect(await findBarriers(page)).toEqual([])
    await page.close()
  })
})
