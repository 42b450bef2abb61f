import type { Chart as ChartOf, Plugin } from 'chart.js'
import type { Samples } from '../view/chart-spec.ts'
import type { Kind } from './chart-js.ts'

/** The samples behind one median, in pixels along one axis. */
export interface Cloud extends Samples {
  along: 'x' | 'y'
  /** Place on the other axis. */
  at: number
  /** How far the samples lie to either side of it. */
  spread: number
  color: string
}

/** More samples than this are drawn fainter. */
const MANY = 40

/** Makes a plugin that draws measured values behind their median, and outliers as rings. */
export function samples<K extends Kind>(cloudsOf: (chart: ChartOf<K>) => readonly Cloud[]): Plugin<K> {
  return {
    id: 'samples',
    beforeDatasetsDraw(chart) {
      for (const cloud of cloudsOf(chart)) drawCloud(chart.ctx, cloud)
    },
  }
}

/** Turns a phase's samples into pixels. */
export function toPixels({ values, outliers }: Samples, pixelOf: (value: number) => number): Samples {
  return { values: values.map(pixelOf), outliers: outliers.map(pixelOf) }
}

function drawCloud(
  ctx: CanvasRenderingContext2D,
  { along, at, spread, values, outliers, color }: Cloud,
): void {
  const dot = (pixel: number, nth: number, radius: number) => {
    const aside = at + scatter(nth, spread)
    ctx.beginPath()
    ctx.arc(along === 'x' ? pixel : aside, along === 'x' ? aside : pixel, radius, 0, 2 * Math.PI)
  }
  ctx.save()
  ctx.fillStyle = color
  ctx.strokeStyle = color
  ctx.globalAlpha = values.length > MANY ? 0.22 : 0.4
  for (const [nth, pixel] of values.entries()) {
    dot(pixel, nth, 1.75)
    ctx.fill()
  }
  ctx.globalAlpha = 0.9
  for (const [nth, pixel] of outliers.entries()) {
    dot(pixel, nth, 2.5)
    ctx.stroke()
  }
  ctx.restore()
}

/** Steps by the golden ratio's fraction: however many there are, neighbours lie far apart. */
function scatter(nth: number, spread: number): number {
  return (((nth * 0.618034) % 1) - 0.5) * 2 * spread
}
