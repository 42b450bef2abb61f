import { expect, test } from 'vitest'
import { callFailed, verbFailed, type Verb } from './errors.ts'

function answered(code: number, details: string): Error {
  return Object.assign(new Error(details), { code, details })
}

test.each<[Verb, number, string]>([
  ['prepare', 6, 'driver.exists'],
  ['mounts', 5, 'driver.not-found'],
  ['prepare', 3, 'driver.not-committed'],
  ['commit', 9, 'driver.not-active'],
  ['remove', 9, 'driver.busy'],
])('%s answered with status %i is %s', (verb, code, expected) => {
  expect(verbFailed(verb, answered(code, 'why'))).toMatchObject({ code: expected, message: 'why' })
})

test('what no verb knows is the error of the call, with its own words; what is no answer stays what it is', () => {
  expect(verbFailed('usage', answered(9, 'why'))).toBeNull()
  expect(callFailed('snapshots.v1.Snapshots/Usage', answered(2, 'no space left'))).toMatchObject({
    code: 'driver.engine',
    message: 'containerd: Usage: no space left',
  })
  const bug = new TypeError('undefined is not a function')
  expect(verbFailed('usage', bug)).toBeNull()
  expect(callFailed('snapshots.v1.Snapshots/Usage', bug)).toBe(bug)
})
