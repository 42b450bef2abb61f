import { expect, onTestFinished, test } from 'vitest'
import { openDeviceCounters } from '../measurement/counters.ts'
import { openResources } from '../measurement/resources.ts'
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

/** Seconds that the work itself took, by a clock of its own. */
function busy(milliseconds: number): number {
  const begin = performance.now()
  while (performance.now() < begin + milliseconds);
  return (performance.now() - begin) / 1000
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
  const { time, timeAsync, values } = phases({ injected: 0.5 })
  let worked = 0
  time('a', () => (worked += busy(20)))
  expect(values['a']).toBeGreaterThanOrEqual(1.5 * worked)
  await timeAsync('b', async () => (worked = busy(20)))
  expect(values['b']).toBeGreaterThanOrEqual(1.5 * worked)
})

test('without one, nothing is added', () => {
  const { time, values } = phases()
  const shares: number[] = []
  // Another program may come in between once or twice, but not every time.
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const worked = time(`${attempt}`, () => busy(2))
    shares.push((values[`${attempt}`] ?? NaN) / worked)
  }
  expect(Math.min(...shares)).toBeLessThan(1.2)
})
