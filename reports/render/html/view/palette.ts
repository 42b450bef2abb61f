import type { DriverInfo } from '../../../../harness/contracts/run.ts'
import type { Style } from './chart-spec.ts'

/** How a driver configuration looks in every chart, legend and table. */
export interface SeriesStyle extends Style {
  /** Position in the palette; `series-3` is its CSS class. */
  index: number
}

/** By configuration. */
export type Styles = ReadonlyMap<string, SeriesStyle>

/** Every configuration of the run has one. */
export function styleOf(styles: Styles, configuration: string): SeriesStyle {
  const style = styles.get(configuration)
  if (style === undefined) throw new Error(`no style was assigned to ${configuration}`)
  return style
}

interface Hue {
  light: string
  dark: string
}

/**
 * Told apart with any common colour vision, after M. Okabe and K. Ito, "Color Universal Design" (2008), darkened for
 * paper and lightened for dark screens until each has a contrast of 3 : 1 with its background (WCAG 2.2, 1.4.11).
 */
const HUES: readonly Hue[] = [
  { light: '#d55e00', dark: '#ff9147' },
  { light: '#0072b2', dark: '#56b4e9' },
  { light: '#a3468a', dark: '#e79fd0' },
  { light: '#00805c', dark: '#35d0a0' },
  { light: '#8f6b00', dark: '#f0c93a' },
  { light: '#4636a8', dark: '#a396ff' },
  { light: '#8f1d3f', dark: '#ff8aa5' },
  { light: '#0b7a86', dark: '#63d6e2' },
  { light: '#5b6b00', dark: '#c6d65a' },
  { light: '#7d5236', dark: '#d8ab8a' },
]
const CONTROL_HUE: Hue = { light: '#6a717d', dark: '#a6aebb' }
const POINTS = ['circle', 'rect', 'triangle', 'rectRot', 'star'] as const
const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3]]
const CONTROL_DASHES: readonly (readonly number[])[] = [
  [4, 4],
  [1, 3],
  [8, 4, 1, 4],
]

/** One style a configuration, by their order in the run; colour, point and dash never all come again. */
export function assignStyles(drivers: readonly DriverInfo[]): Map<string, SeriesStyle> {
  const styles = new Map<string, SeriesStyle>()
  const counts = { control: 0, driver: 0 }
  for (const { configuration, role } of drivers) {
    if (styles.has(configuration)) continue
    const nth = counts[role]
    counts[role] += 1
    const isControl = role === 'control'
    const hue = isControl ? CONTROL_HUE : (HUES[nth % HUES.length] as Hue)
    const dashes = isControl ? CONTROL_DASHES : DASHES
    // Past the last colour, each comes again with the next dash.
    const lap = isControl ? nth : Math.floor(nth / HUES.length)
    const point = POINTS[(nth + (isControl ? 0 : lap)) % POINTS.length] as SeriesStyle['point']
    const dash = dashes[lap % dashes.length] as readonly number[]
    styles.set(configuration, { index: styles.size, ...hue, point, dash, hollow: isControl })
  }
  return styles
}

/** Parts of the headline, in their order: the middle of viridis, by lightness as well as by hue. */
const PART_HUES: readonly Hue[] = [
  { light: '#443983', dark: '#6f62c7' },
  { light: '#31688e', dark: '#4a93c4' },
  { light: '#21918c', dark: '#2fb9b0' },
  { light: '#35b779', dark: '#5ed49a' },
  { light: '#90c743', dark: '#c0ea78' },
  { light: '#c9b81c', dark: '#f3e55b' },
]
/** Phases outside the headline: greys, neighbours far apart in lightness. */
const OUTSIDE_HUES: readonly Hue[] = [
  { light: '#7d8593', dark: '#8a93a2' },
  { light: '#bcc2cb', dark: '#545d6a' },
  { light: '#5a616d', dark: '#b9c0cb' },
  { light: '#d3d7dd', dark: '#3d454f' },
  { light: '#9aa1ad', dark: '#6f7886' },
  { light: '#41474f', dark: '#d9dde3' },
]

/** The colour of the `nth` phase of its kind. */
export function phaseHue(nth: number, inHeadline: boolean): Hue {
  const hues = inHeadline ? PART_HUES : OUTSIDE_HUES
  return hues[nth % hues.length] as Hue
}

type Theme = 'light' | 'dark'

/** The colour of each configuration's swatch as CSS. */
export function seriesCss(styles: Styles, theme: Theme): string {
  return [...styles.values()].map((style) => `.series-${style.index}{--ink:${style[theme]}}`).join('\n')
}

/** The colour of each phase's swatch as CSS. */
export function phaseCss(theme: Theme): string {
  const rules = (name: string, hues: readonly Hue[]) =>
    hues.map((hue, index) => `.${name}-${index}{--ink:${hue[theme]}}`)
  return ['', ...rules('part', PART_HUES), ...rules('outside', OUTSIDE_HUES), ''].join('\n')
}

/** CSS classes come again as the colours do. */
export function phaseClass(nth: number, inHeadline: boolean): string {
  return inHeadline ? `part-${nth % PART_HUES.length}` : `outside-${nth % OUTSIDE_HUES.length}`
}
