import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClaimRow, ClaimVerdict } from '../../../harness/contracts/claims.ts'
import { findBarriers } from '../../testing/accessibility.ts'
import { CHROMIUM, hasChromium, launchChromium } from '../../testing/chromium.ts'
import { fixtureRun } from '../../testing/fixture-run.ts'
import { claimsHtml } from './claims.ts'

const VERDICTS: readonly ClaimVerdict[] = ['true', 'only-if', 'false', 'not-shown', 'not-testable']

const rows = VERDICTS.map((verdict): ClaimRow => ({
  id: `claim-${verdict}`,
  says: `A claim that is ${verdict}.`,
  source: { title: 'A text', url: 'https://example.org/' },
  verdict,
  condition: verdict === 'only-if' ? 'the kernel is new' : null,
  text: 'Measured: overlay2@ext4+metacopy=on+redirect_dir=on took 64 MiB.',
}))
const html = claimsHtml(fixtureRun({ rounds: 3 }).run, rows)

describe.skipIf(!hasChromium)(`the page of claims in ${CHROMIUM}`, { timeout: 60_000 }, () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await launchChromium()
  }, 60_000)

  afterAll(() => browser.close())

  it.each([
    ['light', 360],
    ['light', 1280],
    ['dark', 360],
    ['dark', 1280],
  ] as const)('bars nobody, and is not wider than the screen (%s, %i px)', async (colorScheme, width) => {
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } })
    await page.setContent(html)
    expect(await findBarriers(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    await page.close()
  })
})
