import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readMemory } from './memory.ts'

const kilobytesOf = (field: string) =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync('/proc/meminfo', 'utf8'))?.[1])

test('all memory is what the kernel says', () => {
  expect(readMemory('MemTotal')).toBe(kilobytesOf('MemTotal') * 1024)
})

test.for(['Cached', 'MemAvailable'] as const)('%s is as large as the kernel says', (field) => {
  const kilobytes = kilobytesOf(field)
  expect(kilobytes).toBeGreaterThan(0)
  // Others read and write meanwhile.
  expect(Math.abs(readMemory(field) / 1024 / kilobytes - 1)).toBeLessThan(0.5)
})
