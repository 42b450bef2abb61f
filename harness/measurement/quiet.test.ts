import { expect, test } from 'vitest'
import type { DeviceCounters } from './counters.ts'
import { waitUntilQuiet } from './quiet.ts'

/** Counters that read these numbers of writes one after the other, then the last again, with `inFlight` requests. */
function counters(writes: readonly number[], inFlight: () => number = () => 0): DeviceCounters {
  let reading = 0
  return {
    read() {
      const now = writes[Math.min(reading, writes.length - 1)] as number
      reading += 1
      return { bytesRead: 0, bytesWritten: 0, reads: 0, writes: now, flushes: 0 }
    },
    uncounted: {},
    inFlight,
    close: () => undefined,
  }
}

test('a device whose counters do not move is quiet', async () => {
  expect(await waitUntilQuiet(counters([5]), 1, 1000)).toBe(true)
})

test('one whose counters move is waited for until they stand', async () => {
  const device = counters([5, 6, 7, 8, 8])
  expect(await waitUntilQuiet(device, 1, 1000)).toBe(true)
  expect(device.read().writes).toBe(8)
})

test('a request in flight is waited for', async () => {
  const left = [1, 1, 0]
  expect(
    await waitUntilQuiet(
      counters([5], () => left.shift() ?? 0),
      1,
      1000,
    ),
  ).toBe(true)
  expect(left).toEqual([])
})

test('one that never rests is given up', async () => {
  expect(
    await waitUntilQuiet(
      counters([5], () => 1),
      1,
      20,
    ),
  ).toBe(false)
})
