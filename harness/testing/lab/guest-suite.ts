/** Each test of a guest as a test of this machine. */
import { describe, expect, test } from 'vitest'
import type { GuestTest } from './guest-reporter.ts'
import { runInGuest, type GuestTests } from './run-in-guest.ts'

/**
 * Runs the tests in a guest, which takes minutes, and registers one test for each with its result. To be awaited at the top
 * of a test file. What was skipped there fails here: the guest is there so that nothing has to be.
 */
export async function guestSuite(tests: GuestTests): Promise<void> {
  const results = await runInGuest(tests)
  describe(`in ${tests.flavour}`, () => {
    test('some tests were chosen', () => expect(results).not.toEqual([]))
    for (const result of results) {
      test(`${result.name} (${result.seconds.toFixed(1)} s)`, () => expectPassed(result))
    }
  })
}

function expectPassed({ state, errors }: GuestTest): void {
  if (state !== 'passed') throw new Error(`${state}: ${errors.join('\n\n')}`)
}
