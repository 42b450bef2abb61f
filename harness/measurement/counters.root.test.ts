import fc from 'fast-check'
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { expect, test } from 'vitest'
import { allocateFile, diskFolder, isRoot, MIB, testHost } from '../testing/scratch-file.ts'
import { add, difference, openDeviceCounters } from './counters.ts'

const counters = fc.record({
  bytesRead: fc.nat(),
  bytesWritten: fc.nat(),
  reads: fc.nat(),
  writes: fc.nat(),
  flushes: fc.nat(),
  fuaWrites: fc.nat(),
})

test('what was added is the difference', () => {
  fc.assert(
    fc.property(counters, counters, (before, change) => {
      expect(difference(add(before, change), before)).toEqual(change)
      expect(add(before, change)).toEqual(add(change, before))
    }),
  )
})

test('what is not counted stays unknown in sums and differences', () => {
  const counted = { bytesRead: 1, bytesWritten: 1, reads: 1, writes: 1, flushes: 1, fuaWrites: 1 }
  const unknown = { ...counted, flushes: null, fuaWrites: null }
  for (const operation of [add, difference]) {
    expect(operation(counted, unknown)).toMatchObject({ flushes: null, fuaWrites: null })
    expect(operation(unknown, counted)).toMatchObject({ flushes: null, fuaWrites: null })
  }
})

test('without devices nothing is counted', () => {
  const none = openDeviceCounters([])
  expect(none.read()).toMatchObject({ bytesRead: 0, bytesWritten: 0, reads: 0, writes: 0, flushes: null })
  expect(none.uncounted).toHaveProperty('flushes')
  none.close()
})

test.skipIf(!isRoot)('bytes written at devices are counted, and several devices add up', () => {
  using folder = diskFolder()
  const host = testHost()
  const loops = ['a', 'b'].map((name) =>
    host.loops.attach(allocateFile(host, folder.path, name, 4 * MIB), { directIo: true }),
  )
  const devices = openDeviceCounters(loops.map((loop) => loop.device))
  try {
    const before = devices.read()
    for (const [index, { device }] of loops.entries()) {
      const fd = openSync(device, 'r+')
      writeSync(fd, Buffer.alloc((index + 1) * MIB, 1))
      fsyncSync(fd)
      closeSync(fd)
    }
    const change = difference(devices.read(), before)
    expect(change.bytesWritten).toBe(3 * MIB)
    expect(change).toMatchObject({ flushes: 2, fuaWrites: 0 })
    expect(change.writes).toBeGreaterThanOrEqual(2)
    expect(devices.inFlight()).toBe(0)
  } finally {
    devices.close()
    for (const loop of loops) loop.detach()
  }
})
