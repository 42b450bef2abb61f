import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { DriverInfo } from '../../../../harness/contracts/run.ts'
import { assignStyles, phaseHue } from './palette.ts'

function driverOf(configuration: string, role: DriverInfo['role'] = 'driver'): DriverInfo {
  return {
    configuration,
    id: configuration,
    title: configuration,
    summary: '',
    cowUnit: 'none',
    emulated: false,
    role,
  }
}

const many = [
  ...['bare@ext4', 'bare@xfs', 'bare@btrfs'].map((configuration) => driverOf(configuration, 'control')),
  ...Array.from({ length: 24 }, (_, index) => driverOf(`driver-${index}`)),
]

/** Relative luminance and contrast by WCAG 2.2. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** The custom properties of a style sheet that are plain colours. */
function colours(file: string): Record<string, string> {
  const css = readFileSync(new URL(`../style/${file}`, import.meta.url), 'utf8')
  return Object.fromEntries(
    [...css.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, hex]) => [name, hex]),
  )
}

const themes = [
  { theme: 'light', file: 'tokens.css' },
  { theme: 'dark', file: 'dark.css' },
] as const

describe('styles', () => {
  it('are never twice the same: colour, point and dash', () => {
    const styles = [...assignStyles(many).values()]
    const looks = styles.map(({ light, point, dash, hollow }) => JSON.stringify([light, point, dash, hollow]))
    expect(new Set(looks).size).toBe(many.length)
  })

  it('depend on the order of the run alone', () => {
    expect(assignStyles(many)).toEqual(assignStyles(many))
    expect(assignStyles(many.slice(0, 5)).get('driver-1')).toEqual(assignStyles(many).get('driver-1'))
  })
})

describe.each(themes)('the $theme theme', ({ theme, file }) => {
  const { paper = '', raised = '', ...css } = { ...colours('tokens.css'), ...colours(file) }

  it('draws every line and marker with a contrast of 3 : 1 (WCAG 1.4.11)', () => {
    for (const [configuration, style] of assignStyles(many)) {
      expect(contrast(style[theme], paper), configuration).toBeGreaterThanOrEqual(3)
    }
  })

  it('writes every text with a contrast of 4.5 : 1 (WCAG 1.4.3)', () => {
    for (const name of ['text', 'muted', 'accent', 'caution', 'bad']) {
      expect(contrast(css[name] ?? '', paper), name).toBeGreaterThanOrEqual(4.5)
      expect(contrast(css[name] ?? '', raised), name).toBeGreaterThanOrEqual(4.5)
    }
    expect(contrast(css['caution'] ?? '', css['caution-paper'] ?? '')).toBeGreaterThanOrEqual(4.5)
  })

  it('keeps neighbouring phases apart in lightness', () => {
    for (const inHeadline of [true, false]) {
      for (const nth of [0, 1, 2, 3]) {
        const [one, next] = [phaseHue(nth, inHeadline)[theme], phaseHue(nth + 1, inHeadline)[theme]]
        expect(contrast(one, next), `${inHeadline} ${nth}`).toBeGreaterThanOrEqual(1.25)
      }
    }
  })
})
