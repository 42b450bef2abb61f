import { describe, expect, it } from 'vitest'
import { repeatInOrder, type RepeatedCall } from './series.ts'

/** A clock that only work makes go on, so that every value is known. */
function scripted() {
  let now = 1_000_000_000n
  return { clock: () => now, work: (nanoseconds: number) => void (now += BigInt(nanoseconds)) }
}

const valuesOf = (series: ReadonlyMap<string, readonly number[]>, name: string) => series.get(name) ?? []

describe('a series', () => {
  it('is in the order of measurement, in seconds', () => {
    const { clock, work } = scripted()
    const takes = [5, 2000, 30, 1, 400, 5]
    const call: RepeatedCall = { name: 'one', call: () => work(takes.shift() ?? 0) }
    const series = repeatInOrder([call], { times: 6, warmUp: 0, clock })
    expect(valuesOf(series, 'one')).toEqual([5e-9, 2e-6, 3e-8, 1e-9, 4e-7, 5e-9])
  })

  it('has a value for each call, and no call is made that has none', () => {
    let calls = 0
    const series = repeatInOrder([{ name: 'one', call: () => void (calls += 1) }], { times: 5, warmUp: 0 })
    expect([calls, valuesOf(series, 'one').length]).toEqual([5, 5])
  })

  it('leaves out the warm-up, which all calls have before any is timed', () => {
    const log: string[] = []
    const calls = ['a', 'b'].map((name): RepeatedCall => ({ name, call: () => void log.push(name) }))
    const series = repeatInOrder(calls, { times: 3, warmUp: 2 })
    expect(log.join('')).toBe('aabbaaabbb')
    expect([...series].map(([name, { length }]) => [name, length])).toEqual([
      ['a', 3],
      ['b', 3],
    ])
  })

  it('leaves out what is done before and after each call', () => {
    const { clock, work } = scripted()
    const log: string[] = []
    const step = (name: string, nanoseconds: number) => () => {
      log.push(name)
      work(nanoseconds)
    }
    const one = {
      name: 'one',
      before: step('before', 100),
      call: step('call', 7),
      after: step('after', 1000),
    }
    const series = repeatInOrder([one], { times: 2, warmUp: 0, clock })
    expect(log).toEqual(['before', 'call', 'after', 'before', 'call', 'after'])
    expect(valuesOf(series, 'one')).toEqual([7e-9, 7e-9])
  })

  it('is taken with the clock of the system, unless another is given', () => {
    const series = repeatInOrder([{ name: 'one', call: () => undefined }], { times: 3, warmUp: 0 })
    for (const value of valuesOf(series, 'one')) expect(value).toBeGreaterThan(0)
  })

  it('ends with what a call throws', () => {
    const cause = new Error('not what it had to see')
    let calls = 0
    const failing: RepeatedCall = {
      name: 'failing',
      call() {
        calls += 1
        if (calls === 3) throw cause
      },
    }
    expect(() => repeatInOrder([failing], { times: 5, warmUp: 0 })).toThrow(cause)
    expect(calls).toBe(3)
  })
})
