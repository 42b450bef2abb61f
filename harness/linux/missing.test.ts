import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createFakeHost } from '../testing/fake-host.ts'
import { findMissing } from './missing.ts'
import { allNeeds, BACKING_NEEDS } from './needs.ts'

const home = mkdtempSync(join(tmpdir(), 'bench-test-missing-'))
const files = { mapper: join(home, 'mapper'), misc: join(home, 'misc') }
beforeAll(() => writeFileSync(files.misc, ''))
afterAll(() => rmSync(home, { recursive: true }))

test('nothing is missing where nothing is needed, and nothing is asked', async () => {
  const host = createFakeHost({ programs: [], filesystems: [] })
  expect(await findMissing(host, {})).toEqual([])
  expect(host.calls).toEqual([])
})

test('each kind of need has its code; the kernel comes first', async () => {
  const host = createFakeHost({ programs: [], filesystems: ['ext4'] })
  const needs = {
    programs: [{ name: 'mkfs.one' }, { name: 'two', version: '--version' }],
    targets: ['thin'],
    filesystems: ['ext4', 'layerfs'],
  }
  const missing = await findMissing(host, needs, files)
  expect(missing.map(({ code, reason }) => [code, reason])).toEqual([
    ['kernel.no-filesystem', 'this kernel (0.0.0-fake) has no layerfs'],
    ['kernel.no-device-mapper', 'this kernel (0.0.0-fake) has no device mapper'],
    ['host.no-program', 'mkfs.one, two are not installed'],
  ])
  expect(missing.every(({ hint }) => hint.length > 0)).toBe(true)
})

test('a hint of the needs stands for all of theirs', async () => {
  const host = createFakeHost({ programs: [], filesystems: [] })
  const hints = (await findMissing(host, { ...BACKING_NEEDS.zfs })).map(({ hint }) => hint)
  expect(hints).toHaveLength(2)
  expect(new Set(hints)).toEqual(new Set([BACKING_NEEDS.zfs.hint]))
})

test('a module is loaded before the kernel is looked at', async () => {
  const host = createFakeHost()
  expect(await findMissing(host, BACKING_NEEDS.zfs)).toEqual([])
  expect(host.calls).toEqual(['run modprobe --quiet zfs'])
})

test('device mapper that refuses to answer is not called missing', async () => {
  mkdirSync(files.mapper)
  mkdirSync(join(files.mapper, 'control'))
  const [missing] = await findMissing(createFakeHost(), { targets: ['thin'] }, files)
  expect(missing?.reason).toMatch(/^device mapper cannot be asked: EISDIR/)
})

test('all needs of a driver are its own, its options’ and its backings’', () => {
  const option = { filesystems: ['fuse'] }
  const needs = { filesystems: ['overlay'], options: { 'mode=two': option } }
  expect(allNeeds({ needs, backings: ['xfs', 'zfs'] })).toEqual([
    needs,
    option,
    BACKING_NEEDS.xfs,
    BACKING_NEEDS.zfs,
  ])
})
