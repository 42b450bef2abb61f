import { describe, expect, it } from 'vitest'
import { summarize } from '../summary/summarize.ts'
import type { CellSummary } from '../summary/types.ts'
import { smallRun, smallSample } from '../testing/small-run.ts'
import { priceOf } from './price.ts'

/** A run whose headline is a rate that comes after a phase `open` of the given seconds. */
function cells(opens: Readonly<Record<string, number>>, unit: 'iops' | 's' = 'iops'): CellSummary[] {
  const run = smallRun(['control', ...Object.keys(opens)])
  const [scenario] = run.scenarios
  const phases = [
    { id: 'open', title: 'Open', unit: 's' as const, better: 'lower' as const },
    { id: 'all', title: 'Rate', unit, better: 'higher' as const, headline: true },
  ]
  const samples = Object.entries(opens).flatMap(([configuration, open]) =>
    [0, 1, 2].map((round) => smallSample(`${configuration}|`, round, { open, all: 1000 })),
  )
  const described = { ...run, scenarios: scenario === undefined ? [] : [{ ...scenario, phases }] }
  return summarize(described, samples).cells.filter(({ driver }) => driver.role === 'driver')
}

function priceAmong(opens: Readonly<Record<string, number>>, unit?: 'iops' | 's') {
  const [first, ...others] = cells(opens, unit)
  return first === undefined ? null : priceOf(first, others)
}

describe('priceOf', () => {
  it('names the phase that takes far longer than elsewhere, and the least', () => {
    const price = priceAmong({ copying: 0.19, stacking: 0.001, other: 0.002 })
    expect(price).toMatchObject({ phase: { phase: { id: 'open' } }, seconds: 0.19, least: 0.001 })
  })

  it.each([
    ['that takes less than 10 ms more', { one: 0.0109, other: 0.001 }],
    ['that takes less than 10 times the least', { one: 0.9, other: 0.1 }],
    ['without others to compare with', { one: 0.19 }],
  ])('names no phase %s', (_, opens) => {
    expect(priceAmong(opens)).toBeNull()
  })

  it('says nothing beside a headline in seconds, where the matrix shows the phase itself', () => {
    expect(priceAmong({ copying: 0.19, stacking: 0.001 }, 's')).toBeNull()
  })
})
