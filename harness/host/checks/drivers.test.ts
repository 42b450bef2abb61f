import { describe, expect, test } from 'vitest'
import type { DriverNeeds } from '../../contracts/needs.ts'
import { createFakeHost, type FakeHostScript } from '../../testing/fake-host.ts'
import { fakeDrivers, plain, solo, stacker } from '../../testing/fake-drivers.ts'
import { checkDrivers } from './drivers.ts'

const EVERYTHING = ['ext4', 'xfs', 'btrfs', 'layerfs']
const HINT = 'install the layers package'

async function examine(needs: DriverNeeds, script: FakeHostScript) {
  const metas = [plain.meta, { ...stacker.meta, needs }, solo.meta]
  return checkDrivers(createFakeHost({ filesystems: EVERYTHING, ...script }), metas)
}

const found = (checks: Awaited<ReturnType<typeof checkDrivers>>, id: string) =>
  checks.find((check) => check.id === id)

test('there is a check for each backing, then for each driver', async () => {
  const metas = fakeDrivers.map(({ meta }) => meta)
  const checks = await checkDrivers(createFakeHost(), metas)
  expect(checks.map(({ id, state }) => [id, state])).toEqual([
    ['backing.ext4', 'ok'],
    ['backing.xfs', 'ok'],
    ['backing.btrfs', 'ok'],
    ['driver.plain', 'ok'],
    ['driver.stacker', 'ok'],
    ['driver.solo', 'ok'],
  ])
})

test('a driver is checked for what it says it needs, and the hint is its own', async () => {
  const needs = { filesystems: ['layerfs'], programs: [{ name: 'mkfs.layerfs' }, { name: 'ls' }] }
  const whole = await examine({ ...needs, hint: HINT }, {})
  expect(found(whole, 'driver.stacker')).toMatchObject({
    state: 'ok',
    found: 'layerfs, mkfs.layerfs, ls; on ext4, xfs, btrfs',
    mend: null,
  })
  const script = {
    filesystems: ['ext4', 'xfs', 'btrfs'],
    programs: ['mkfs.ext4', 'mkfs.xfs', 'mkfs.btrfs', 'ls'],
  }
  expect(found(await examine({ ...needs, hint: HINT }, script), 'driver.stacker')).toMatchObject({
    state: 'missing',
    found: 'this kernel (0.0.0-fake) has no layerfs; mkfs.layerfs is not installed',
    mend: HINT,
    needed: false,
  })
  expect(found(await examine(needs, script), 'driver.stacker')?.mend).toBe(
    'load the layerfs module, or boot a kernel that has it; npm run setup installs it',
  )
})

describe('a backing that is missing', () => {
  const checks = examine({}, { programs: ['mkfs.ext4', 'mkfs.xfs'] })

  test('names the configurations that are lost', async () => {
    expect(found(await checks, 'backing.btrfs')).toMatchObject({
      state: 'missing',
      needed: false,
      mend: 'npm run setup installs it; without it: no stacker@btrfs, solo',
    })
  })

  test('leaves the other backings of a driver', async () => {
    expect(found(await checks, 'driver.stacker')).toMatchObject({ state: 'ok', found: 'on ext4, xfs' })
    expect(found(await checks, 'driver.solo')).toMatchObject({
      state: 'missing',
      found: 'none of its backings is here: btrfs',
    })
  })

  test('is needed by the harness itself where the control stands on it by default', async () => {
    const [ext4] = await examine({}, { filesystems: ['xfs'] })
    expect(ext4).toMatchObject({ id: 'backing.ext4', state: 'missing', needed: true })
  })
})

describe('an option with needs of its own', () => {
  const needs: DriverNeeds = {
    filesystems: ['layerfs'],
    options: { 'mode=safe': { programs: [{ name: 'safer' }] } },
  }

  test('has a check of its own: the driver goes on without it', async () => {
    const checks = await examine(needs, { programs: ['mkfs.ext4', 'mkfs.xfs', 'mkfs.btrfs'] })
    expect(found(checks, 'driver.stacker')?.state).toBe('ok')
    expect(found(checks, 'driver.stacker+mode=safe')).toMatchObject({
      state: 'missing',
      found: 'safer is not installed',
    })
  })

  test('is not spoken of where the driver itself cannot run', async () => {
    const checks = await examine(needs, { filesystems: ['ext4', 'xfs', 'btrfs'] })
    expect(found(checks, 'driver.stacker')?.state).toBe('missing')
    expect(found(checks, 'driver.stacker+mode=safe')).toBeUndefined()
  })
})

test('a driver that no Linux host can run says so without looking', async () => {
  const never = { ok: false, code: 'host.other', reason: 'it is of another world', hint: 'go there' } as const
  const host = createFakeHost()
  const checks = await checkDrivers(host, [{ ...solo.meta, needs: { never } }])
  expect(found(checks, 'driver.solo')).toMatchObject({
    state: 'missing',
    found: 'it is of another world',
    mend: 'go there',
  })
})
