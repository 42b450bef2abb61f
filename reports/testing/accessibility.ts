/** What a reader with poor sight or a screen reader would stumble over in a page, by the rules of WCAG 2.2. */
import type { Page } from 'playwright-core'

/** Runs in the page: the project is compiled without the types of a browser. */
const FIND = `(() => {
  const found = []
  const say = (rule, element) => found.push(rule + ': ' + element.outerHTML.slice(0, 120))
  const isShown = (element) => element.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true })
  const all = (selector) => [...document.querySelectorAll(selector)].filter(isShown)

  // 1.4.3: contrast of 4.5 to 1; of large text 3 to 1.
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
  // Reading a pixel is slow, and a page has few colours.
  const known = new Map()
  const rgba = (color) => {
    if (!known.has(color)) known.set(color, pixelOf(color))
    return known.get(color)
  }
  const pixelOf = (color) => {
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = color
    canvas.fillRect(0, 0, 1, 1)
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data
    return { rgb: [r, g, b], alpha: a / 255 }
  }
  const over = (top, below) => top.rgb.map((value, index) => value * top.alpha + below[index] * (1 - top.alpha))
  const paperOf = (element) => {
    if (element === null) return [255, 255, 255]
    const own = rgba(getComputedStyle(element).backgroundColor)
    return own.alpha === 1 ? own.rgb : over(own, paperOf(element.parentElement))
  }
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => {
      const share = value / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a)
    return (light + 0.05) / (dark + 0.05)
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const seen = new Set()
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement
    const { width } = element.getBoundingClientRect()
    if (texts.currentNode.data.trim() === '' || seen.has(element) || !isShown(element) || width <= 1) continue
    seen.add(element)
    const style = getComputedStyle(element)
    const paper = paperOf(element)
    const size = parseFloat(style.fontSize)
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
    const ratio = contrast(over(rgba(style.color), paper), paper)
    if (ratio < (isLarge ? 3 : 4.5)) say('contrast ' + ratio.toFixed(2), element)
  }

  // 4.1.2, 1.1.1: whatever is operated, or is a picture, has a name.
  const nameOf = (element) => {
    const by = (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id))
    return [element.getAttribute('aria-label'), ...by.map((one) => one?.textContent), element.textContent].join('').trim()
  }
  for (const element of all('a[href], button, summary, [role=img], [role=region], [tabindex="0"]'))
    if (nameOf(element) === '') say('no name', element)
  for (const element of all('svg:not([role]):not([aria-hidden=true]), img:not([alt])')) say('no alternative', element)

  // 4.1.2: a name needs a role that can have one; 2.4.1: regions are told from each other.
  for (const element of all('pre[aria-label]:not([role]), div[aria-label]:not([role]), p[aria-label]:not([role])'))
    say('name without a role', element)
  const regions = new Set()
  for (const element of all('[role=region], section')) {
    const by = element.getAttribute('aria-labelledby')
    const name = element.tagName + (by === null ? element.getAttribute('aria-label') : document.getElementById(by)?.textContent)
    if (regions.has(name)) say('a second region of this name', element)
    regions.add(name)
  }

  // 2.1.1: what scrolls is reached by the keyboard.
  for (const element of all('body *')) {
    const { overflowX, overflowY } = getComputedStyle(element)
    const isWider = element.scrollWidth > element.clientWidth + 1 && ['auto', 'scroll'].includes(overflowX)
    const isHigher = element.scrollHeight > element.clientHeight + 1 && ['auto', 'scroll'].includes(overflowY)
    const isReached = element.tabIndex >= 0 || element.querySelector('a[href], button') !== null
    if ((isWider || isHigher) && !isReached) say('scrolls, but not by the keyboard', element)
  }

  // 2.5.8: a target is at least 24 by 24 pixels, or stands in a line of text.
  for (const element of all('button, summary')) {
    const { width, height } = element.getBoundingClientRect()
    if (width < 24 || height < 24) say('target of ' + Math.round(width) + ' by ' + Math.round(height), element)
  }

  // 1.3.1: headings leave out no level; rows and columns have heads; a list holds items alone.
  let level = 0
  for (const element of all('h1, h2, h3, h4, h5, h6')) {
    const own = Number(element.tagName[1])
    if (own > level + 1) say('heading after level ' + level, element)
    level = own
  }
  for (const element of all('ul > :not(li), ol > :not(li)')) say('in a list, but no item', element)
  for (const element of all('th:empty, thead th:not([scope])')) say('head without text or scope', element)
  for (const element of all('[role=img] a, [role=img] button, a a, button a')) say('operated within another', element)
  return found
})()`

/** Returns each fault that is visible in the page as it stands, with the beginning of the element. */
export async function findBarriers(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(FIND)
}
