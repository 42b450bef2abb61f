import { chromium } from 'playwright-core'
const [file, scheme, width, from, to, step] = process.argv.slice(2)
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
})
const page = await browser.newPage({ viewport: { width: +width, height: 900 }, colorScheme: scheme })
await page.goto('file://' + file)
await page.waitForTimeout(300)
const h = await page.evaluate(() => document.documentElement.scrollHeight)
let i = 0
for (let y = +from; y < Math.min(+to, h); y += +step)
  await page.screenshot({
    path: `/tmp/report-crop-${i++}.png`,
    fullPage: true,
    clip: { x: 0, y, width: +width, height: Math.min(+step, h - y) },
  })
console.log(i, h)
await browser.close()
