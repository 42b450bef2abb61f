import { chromium } from 'playwright-core'
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
const file = process.argv[2] ?? '/tmp/report-full.html'
const tag = process.argv[3] ?? ''
for (const scheme of ['light', 'dark'])
  for (const width of [1280, 375]) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme })
    page.on('console', (m) => console.log(scheme, width, m.type(), m.text()))
    page.on('pageerror', (e) => console.log(scheme, width, 'ERR', e.message))
    await page.goto('file://' + file)
    await page.waitForTimeout(400)
    console.log(
      scheme,
      width,
      'overflow',
      await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      'height',
      await page.evaluate(() => document.documentElement.scrollHeight),
    )
    await page.screenshot({ path: `/tmp/report-${tag}${scheme}-${width}.png`, fullPage: true })
    if (scheme === 'dark' && width === 1280)
      await page.pdf({ path: `/tmp/report-${tag}print.pdf`, format: 'A4', printBackground: true })
    await page.close()
  }
await browser.close()
