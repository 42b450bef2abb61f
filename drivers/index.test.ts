/** The registry as a whole: what is read of every driver's `meta`, and what belongs to a driver outside its folder. */
import { expect, test } from 'vitest'
import { checkDrivers } from '../harness/host/checks/drivers.ts'
import { readToolVersions } from '../harness/host/facts/tools.ts'
import { parseConfiguration } from '../harness/plan/configuration.ts'
import { createFakeHost } from '../harness/testing/fake-host.ts'
import { drivers } from './index.ts'

const metas = drivers.map(({ meta }) => meta)

test('every driver has a name of its own, and one of them is the control', () => {
  expect(new Set(metas.map(({ id }) => id)).size).toBe(drivers.length)
  expect(metas.filter(({ role }) => role === 'control')).toHaveLength(1)
})

test('bench doctor speaks of every driver', async () => {
  const checks = await checkDrivers(createFakeHost(), metas)
  const ids = checks.map(({ id }) => id)
  expect(ids).toEqual(expect.arrayContaining(metas.map(({ id }) => `driver.${id}`)))
})

test('the fingerprint lists the tools that it listed before, so that older runs stay comparable', async () => {
  const tools = await readToolVersions(createFakeHost({ run: () => '1.2' }), metas)
  expect(Object.keys(tools).toSorted()).toEqual([
    'crun',
    'fio',
    'fuse-overlayfs',
    'mkfs.btrfs',
    'mkfs.erofs',
    'mkfs.ext4',
    'mkfs.xfs',
    'qemu-storage-daemon',
    'runc',
    'unionfs',
    'zfs',
  ])
})

test('an option that needs more is named by a value that it has, and that is not its default', () => {
  for (const { id, needs } of metas) {
    for (const option of Object.keys(needs.options ?? {})) {
      expect(parseConfiguration(`${id}+${option}`, drivers).config.text).toMatch(`+${option}`)
    }
  }
})
