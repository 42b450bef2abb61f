import { release } from 'node:os'
import { expect, test } from 'vitest'
import { fingerprintSchema } from '../contracts/fingerprint.ts'
import { fingerprint } from './fingerprint.ts'
import { fakeDrivers } from '../testing/fake-drivers.ts'
import { unrecordedHost } from './index.ts'

const DRIVERS = fakeDrivers.map(({ meta }) => meta)

test('learns this host, and the same twice', async () => {
  const host = unrecordedHost()
  const first = await fingerprint(host, import.meta.dirname, DRIVERS)
  expect(fingerprintSchema.parse(first)).toEqual(first)
  expect(first.kernel).toBe(release())
  expect(first.node).toBe(process.version)
  expect(first.cpu.cores).toBeGreaterThan(0)
  expect(first.memoryBytes).toBeGreaterThan(0)
  expect(first.hash).toMatch(/^[0-9a-f]{64}$/)
  expect(await fingerprint(host, import.meta.dirname, DRIVERS)).toEqual(first)
})
