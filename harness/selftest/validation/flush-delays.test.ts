import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Run } from '../../contracts/run.ts'
import type { Sample } from '../../contracts/sample.ts'
import { chooseDelays, pilotOf } from './flush-delays.ts'

const SHARES = [0.02, 0.05, 0.1]

/** Returns the seconds by which dm-delay really delays a flush, on average over when the flush begins. */
const really = (milliseconds: number, tick: number) =>
  (Math.ceil(milliseconds / 1000 / tick - 1e-9) - 0.5) * tick

describe('delays of flushes', () => {
  test('come to the shares, where a tick is short beside them', () => {
    const pilot = { median: 2, flushes: 2, tick: 0.001 }
    const shares = chooseDelays(pilot, SHARES).map((asked) => (2 * really(asked, 0.001)) / 2)
    for (const [index, share] of shares.entries()) expect(share / Number(SHARES[index])).toBeCloseTo(1, 1)
  })

  test('are one, two and three ticks where those are longer', () => {
    expect(chooseDelays({ median: 0.03, flushes: 2, tick: 0.004 }, SHARES)).toEqual([4, 8, 12])
    expect(chooseDelays({ median: 0.03, flushes: 2, tick: 1 / 300 }, SHARES)).toEqual([3, 6, 10])
  })

  test('are whole milliseconds that dm-delay makes different delays of, the larger for the larger share', () => {
    const pilots = fc.record({
      median: fc.double({ min: 1e-4, max: 5, noNaN: true }),
      flushes: fc.integer({ min: 1, max: 9 }),
      tick: fc.constantFrom(1 / 100, 1 / 250, 1 / 300, 1 / 1000),
    })
    fc.assert(
      fc.property(pilots, (pilot) => {
        const asked = chooseDelays(pilot, SHARES)
        expect(asked.every(Number.isInteger)).toBe(true)
        const made = asked.map((milliseconds) => really(milliseconds, pilot.tick))
        expect(Math.min(...asked)).toBeGreaterThanOrEqual(1)
        expect(new Set(made).size).toBe(3)
        expect(made.toSorted((a, b) => a - b)).toEqual(made)
      }),
    )
  })

  test('never more than dm-delay is asked for', () => {
    expect(chooseDelays({ median: 100, flushes: 1, tick: 0.004 }, SHARES).at(-1)).toBe(1000)
  })
})

describe('a pilot', () => {
  const phases = [{ id: 'write' }, { id: 'fsync' }, { id: 'both', sum: ['write', 'fsync'], headline: true }]
  const run = {
    scenarios: [{ phases }],
    cells: [
      { id: 'a', configuration: 'x' },
      { id: 'b', configuration: 'x#pilot' },
    ],
    options: { injected: { 'x#pilot': { flush: 0.01, measured: 0.01 } } },
    host: { kernelConfig: { HZ: '250' } },
  } as unknown as Run
  const sample = (cell: string, both: number, delayedFlushes?: number) =>
    ({
      cell,
      state: 'completed',
      phases: { both },
      io: { write: { delayedFlushes }, fsync: { delayedFlushes } },
    }) as unknown as Sample

  test('takes the time from what is not delayed, the flushes from what is', () => {
    const samples = [sample('a', 1), sample('b', 9, 1), sample('a', 3), sample('b', 9, 1), sample('a', 2)]
    expect(pilotOf(run, samples)).toEqual({ median: 2, flushes: 2, tick: 0.004 })
  })

  test('says nothing without samples, or without flushes', () => {
    expect(pilotOf(run, [])).toBeNull()
    expect(pilotOf(run, [sample('a', 1), sample('b', 1, 0)])).toBeNull()
  })

  test('of a kernel that does not tell its tick takes the longest', () => {
    const quiet = { ...run, host: { kernelConfig: {} } } as unknown as Run
    expect(pilotOf(quiet, [sample('a', 1), sample('b', 1, 1)])?.tick).toBe(0.01)
  })
})
