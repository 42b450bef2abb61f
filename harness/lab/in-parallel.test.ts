import { expect, test } from 'vitest'
import { inParallel } from './in-parallel.ts'

test('does so many at once, and tells of each in its place', async () => {
  let running = 0
  let most = 0
  const results = await inParallel([30, 1, 10, 1], 2, async (milliseconds) => {
    running += 1
    most = Math.max(most, running)
    await new Promise((next) => setTimeout(next, milliseconds))
    running -= 1
    if (milliseconds === 10) throw new Error('ten')
    return milliseconds
  })
  expect(most).toBe(2)
  expect(
    results.map((result) => (result.status === 'fulfilled' ? result.value : String(result.reason))),
  ).toEqual([30, 1, 'Error: ten', 1])
})
