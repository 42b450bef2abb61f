import { expect, onTestFinished, test } from 'vitest'
import { openDeviceCounters } from '../measurement/counters.ts'
import { openResources } from '../measurement/resources.ts'
import { createManualTimer } from '../testing/manual-timer.ts'
import { testHost } from '../testing/scratch-file.ts'
import { createPhases, type PhaseInputs } from './phases.ts'

function phases(changes: Partial<PhaseInputs> = {}) {
  const resources = openResources(testHost().syscalls, null)
  onTestFinished(() => resources.close())
  return createPhases({
    counters: openDeviceCounters([]),
    resources,
    injected: 0,
    ...changes,
  })
}

test('what the work gives is given back, and what it throws is thrown on', async () => {
  const { time, timeAsync, values } = phases()
  expect(time('a', () => 1)).toBe(1)
  expect(await timeAsync('b', async () => 2)).toBe(2)
  const fail = () => {
    throw new Error('no')
  }
  expect(() => time('c', fail)).toThrow('no')
  await expect(timeAsync('c', async () => fail())).rejects.toThrow('no')
  expect(Object.keys(values)).toEqual(['a', 'b'])
})

test('several calls of a phase add up, in time, at the device and on the host', () => {
  let writes = 0
  const counters = {
    read: () => ({ bytesRead: 0, bytesWritten: 0, reads: 0, writes, flushes: 0 }),
    uncounted: {},
    inFlight: () => 0,
    close: () => undefined,
  }
  let switches = 0
  const resources = {
    ...openResources(testHost().syscalls, null),
    ofProcess: () => ({
      userSeconds: 0,
      systemSeconds: 0,
      childUserSeconds: 0,
      childSystemSeconds: 0,
      voluntarySwitches: switches,
      involuntarySwitches: 0,
    }),
  }
  onTestFinished(() => resources.close())
  const measured = phases({ counters, resources })
  for (const step of [1, 2]) {
    measured.time('a', () => {
      writes += step
      switches += 10 * step
    })
  }
  expect(measured.io['a']?.writes).toBe(3)
  expect(measured.resources['a']).toMatchObject({ voluntarySwitches: 30, kernelSeconds: null })
})

test('an injected delay is in the phase, a share of what the work took', async () => {
  const timer = createManualTimer()
  const { time, timeAsync, delay, values } = phases({ injected: 0.5, timer })
  time('a', () => timer.pass(2))
  await timeAsync('b', async () => timer.pass(4))
  expect(values).toEqual({ a: 3, b: 6 })
  expect(delay(8)).toBe(4)
})

test('without an injected delay a phase is as long as its work', async () => {
  const timer = createManualTimer()
  const { time, timeAsync, delay, values } = phases({ timer })
  time('a', () => timer.pass(2))
  await timeAsync('b', async () => timer.pass(4))
  expect(values).toEqual({ a: 2, b: 4 })
  expect(delay(8)).toBe(0)
})

test('work that a tool times is counted, and has no seconds of ours', async () => {
  let flushes = 0
  const counters = {
    read: () => ({ bytesRead: 0, bytesWritten: 0, reads: 0, writes: 0, flushes, fuaWrites: 0 }),
    uncounted: {},
    inFlight: () => 0,
    close: () => undefined,
  }
  const measured = phases({ counters })
  expect(await measured.count('a', async () => (flushes += 3))).toBe(3)
  expect(measured.io['a']).toMatchObject({ flushes: 3, fuaWrites: 0 })
  expect(measured.values).toEqual({})
})
