import { expect, test } from 'vitest'
import { startStopwatch } from './stopwatch.ts'

test('time is booked once, on the innermost of what was done, and adds up', async () => {
  let at = 10
  const watch = startStopwatch(() => at)
  const pass = async (seconds: number) => void (at += seconds)
  await watch.book('rest', () => pass(1))
  await watch.book('cache', async () => {
    await pass(2)
    await watch.book('rest', () => pass(4))
    await pass(8)
  })
  await pass(16)
  expect(watch.seconds).toEqual({ rest: 5, cache: 10 })
  expect(watch.elapsed()).toBe(31)
})

test('of work that fails the time is booked all the same', async () => {
  let at = 0
  const watch = startStopwatch(() => at)
  const failing = watch.book('verify', async () => {
    at = 3
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(watch.seconds).toEqual({ verify: 3 })
})
