import { describe, expect, it } from 'vitest'
import { Noise } from '../testing/random.ts'
import { smallRun, smallSample } from '../testing/small-run.ts'
import { summarize } from './summarize.ts'

/** Returns the headlines of two configurations over the rounds, and the codes of their warnings. */
function headlinesOf(rounds: number, valueOf: (round: number, noise: Noise) => number) {
  const run = smallRun(['control', 'driver'])
  const noise = new Noise(3)
  const samples = Array.from({ length: rounds }, (_, round) => [
    smallSample('driver|', round, { open: valueOf(round, noise), sync: 0 }),
    smallSample('control|', round, { open: noise.factor(0.05), sync: 0 }),
  ]).flat()
  const summary = summarize(run, samples)
  return summary.cells.map(({ headline, warnings }) => ({
    headline,
    warnings: warnings.map(({ code }) => code),
  }))
}

describe('over the run', () => {
  it('nothing is shown of samples that have nothing to do with each other', () => {
    const [control, driver] = headlinesOf(40, (_, noise) => noise.factor(0.05))
    for (const cell of [control, driver]) {
      expect(cell).toMatchObject({ headline: { drift: null, autocorrelation: null }, warnings: [] })
    }
  })

  it('a drift is shown with how much it is, and warned of', () => {
    const [control, driver] = headlinesOf(40, (round, noise) => noise.factor(0.02) * 1.01 ** round)
    expect(driver?.headline?.drift).toBeCloseTo(1.01 ** 39 - 1, 1)
    expect(driver?.warnings).toContain('samples.drift')
    expect(control?.headline?.drift).toBeNull()
  })

  it('likeness of successive rounds is shown without a drift', () => {
    const [, driver] = headlinesOf(80, (round, noise) => noise.factor(0.02) * (1 + Math.sin(round / 3) / 4))
    expect(driver?.headline?.autocorrelation).toBeGreaterThan(0.7)
    expect(driver?.warnings).toContain('samples.autocorrelated')
  })
})
