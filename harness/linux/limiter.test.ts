import fc from 'fast-check'
import { expect, test } from 'vitest'
import { limiter } from './limiter.ts'

test('never more than the limit at once, each of them once, also when some fail', async () => {
  const works = fc.array(fc.record({ ticks: fc.nat(5), fails: fc.boolean() }), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), works, async (most, all) => {
      const inTurn = limiter(most)
      let running = 0
      let highest = 0
      let done = 0
      const results = await Promise.allSettled(
        all.map(({ ticks, fails }) =>
          inTurn(async () => {
            running += 1
            highest = Math.max(highest, running)
            for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve()
            running -= 1
            done += 1
            if (fails) throw new Error('on purpose')
          }),
        ),
      )
      expect(done).toBe(all.length)
      expect(highest).toBeLessThanOrEqual(most)
      expect(results.map(({ status }) => status === 'rejected')).toEqual(all.map(({ fails }) => fails))
    }),
  )
})
