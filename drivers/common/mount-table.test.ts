import { mkdtempSync, rmdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createTestHost } from '../testsuite/host.ts'
import { isSourceMounted, parseMount } from './mount-table.ts'

test('a line of the table, with optional fields and escapes', () => {
  const line = String.raw`36 35 98:0 /mnt\0401 /mnt/a\134b rw,noatime master:1 shared:2 - ext3 /dev/root rw`
  expect(parseMount(line)).toEqual({ device: '98:0', root: '/mnt 1', target: String.raw`/mnt/a\b` })
})

test('a source is found by its name, blanks and backslashes in it too', async () => {
  const host = createTestHost()
  const source = String.raw`bench-test a\b`
  const target = mkdtempSync('/run/bench-test-')
  await host.mount([{ type: 'tmpfs', source, options: [] }], target)
  try {
    expect(isSourceMounted(source)).toBe(true)
    expect(isSourceMounted('bench-test')).toBe(false)
  } finally {
    await host.unmount(target)
    rmdirSync(target)
  }
  expect(isSourceMounted(source)).toBe(false)
})
