import { afterEach, describe, expect, test, vi } from 'vitest'
import { spin, timed, timedAsync } from './clock.ts'

const log: string[] = []
afterEach(() => {
  vi.restoreAllMocks()
  log.length = 0
})

/** A clock that moves by 3 µs from one reading to the next. */
function slowClock(): void {
  let now = 10n ** 15n
  vi.spyOn(process.hrtime, 'bigint').mockImplementation(() => {
    log.push('clock')
    return (now += 3000n)
  })
}

describe('a timed section', () => {
  test('is from one reading of the clock to the next, with the work between them', () => {
    slowClock()
    const work = () => {
      log.push('work')
      return 'result'
    }
    expect(timed(work)).toEqual({ result: 'result', seconds: 3e-6 })
    expect(log).toEqual(['clock', 'work', 'clock'])
  })

  test('of a promise lasts until it is kept', async () => {
    slowClock()
    const work = async () => {
      log.push('begun')
      await new Promise((next) => setImmediate(next))
      log.push('kept')
      return 'result'
    }
    expect(await timedAsync(work)).toEqual({ result: 'result', seconds: 3e-6 })
    expect(log).toEqual(['clock', 'begun', 'kept', 'clock'])
  })

  test('throws what the work throws', async () => {
    const error = new Error('from the work')
    const fail = () => {
      throw error
    }
    expect(() => timed(fail)).toThrow(error)
    await expect(timedAsync(() => Promise.reject(error))).rejects.toBe(error)
  })
})

test('spin waits until the clock has gone on by as much', () => {
  slowClock()
  spin(9e-6)
  expect(log).toEqual(['clock', 'clock', 'clock', 'clock'])
})
