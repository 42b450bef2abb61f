import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Host, JournalEntry } from '../contracts/host.ts'
import { readMounts } from '../linux/mountinfo.ts'
import { isRoot } from '../linux/privilege.ts'
import { atLeast, cgroupLayout, checkKernel } from './checks/kernel.ts'
import { coefficientOfVariation } from './checks/noise.ts'
import { examine, type Check } from './doctor.ts'
import { fakeDrivers } from '../testing/fake-drivers.ts'
import { createHost, unrecordedHost } from './index.ts'

const DRIVERS = fakeDrivers.map(({ meta }) => meta)
let folder: string
beforeEach(() => {
  folder = mkdtempSync('/var/tmp/bench-test-doctor-')
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Returns the state of each check, by id. */
async function states(host: Host): Promise<Record<string, Check['state']>> {
  const checks = await examine(host, path.join(folder, 'not/yet'), DRIVERS)
  return Object.fromEntries(checks.map(({ id, state }) => [id, state]))
}

describe('examine', () => {
  test.skipIf(!isRoot())('tries things out and leaves nothing behind (needs root)', async () => {
    const open: JournalEntry[] = []
    const recorded = new Set<string>()
    const host = createHost({
      record(entry) {
        open.push(entry)
        recorded.add(entry.kind)
      },
      forget(entry) {
        open.splice(open.indexOf(entry), 1)
      },
    })
    const mounts = readMounts()
    const found = await states(host)
    expect(found).toMatchObject({
      root: 'ok',
      kernel: 'ok',
      fio: 'ok',
      'backing.ext4': 'ok',
      'driver.stacker': 'ok',
      loop: 'ok',
      reflink: 'ok',
    })
    expect([found['crun'], found['runc']]).toContain('ok')
    expect([...recorded].sort()).toEqual(['cgroup', 'directory', 'loop', 'mount'])
    expect(open).toEqual([])
    expect(readMounts()).toEqual(mounts)
    expect(readdirSync(folder)).toEqual([])
  })

  test('a host without any program lacks what it needs, and says so instead of failing', async () => {
    const host = unrecordedHost()
    const bare: Host = { ...host, which: () => null }
    const checks = await examine(bare, folder, DRIVERS)
    const lacking = checks.filter(({ state, needed }) => state === 'missing' && needed).map(({ id }) => id)
    expect(lacking).toEqual(expect.arrayContaining(['fio', 'backing.ext4']))
    expect(checks.filter(({ state }) => state !== 'ok').every(({ mend }) => mend !== null)).toBe(true)
    expect(checks.filter(({ state }) => state === 'ok').every(({ mend }) => mend === null)).toBe(true)
  })

  test('a loop device or file system that fails is a finding', async () => {
    const host = unrecordedHost()
    const broken: Host = {
      ...host,
      hasFilesystem: () => Promise.resolve(false),
      loops: {
        attach: () => {
          throw new Error('no loop devices here')
        },
      },
    }
    const checks = await examine(broken, folder, DRIVERS)
    expect(checks.find(({ id }) => id === 'loop')).toMatchObject({
      state: 'missing',
      found: 'no loop devices here',
    })
    expect(checks.find(({ id }) => id === 'backing.ext4')).toMatchObject({
      state: 'missing',
      needed: true,
    })
    expect(checks.find(({ id }) => id === 'backing.btrfs')).toMatchObject({
      state: 'missing',
      needed: false,
    })
    expect(readdirSync(folder)).toEqual([])
  })
})

test.for([
  ['4.19.0-27-amd64', 'missing'],
  ['5.7.19', 'missing'],
  ['5.8.0', 'ok'],
  ['6.18.44-fc', 'ok'],
])('kernel %s is %s', ([release, state]) => {
  expect(checkKernel(release ?? '').state).toBe(state)
})

test('versions are compared as numbers', () => {
  expect(atLeast('5.10.0-30-amd64', [5, 8])).toBe(true)
  expect(atLeast('5.10.0', [6, 5])).toBe(false)
  expect(atLeast('7.0-rc1', [6, 5])).toBe(true)
})

test('control groups: version 1, version 2, both, none', () => {
  const layoutOf = (...types: string[]) => cgroupLayout(types.map((type) => ({ type })))
  expect(layoutOf('cgroup', 'proc')).toBe('v1')
  expect(layoutOf('proc', 'cgroup2')).toBe('v2')
  expect(layoutOf('cgroup', 'cgroup2')).toBe('hybrid')
  expect(layoutOf('proc')).toBeNull()
})

test('coefficient of variation', () => {
  // Mean 5, sample variance 32 / 7.
  expect(coefficientOfVariation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7) / 5, 12)
  expect(coefficientOfVariation([3, 3, 3])).toBe(0)
})
