/** Files with holes, and files longer than 32 bits can count. */
import { closeSync, ftruncateSync, openSync, statSync } from 'node:fs'
import { expect } from 'vitest'
import type { Fixture } from '../fixture.ts'
import { readAt, writeAt, type Checks } from './check.ts'

const MEBIBYTE = 1024 ** 2
const GIBIBYTE = 1024 ** 3

async function keepsHoles(fixture: Fixture): Promise<void> {
  const length = 64 * MEBIBYTE
  const image = await fixture.layer(null, (root) => sparseFile(`${root}/sparse`, length))
  const container = await fixture.container(image)
  const before = await fixture.snapshotter.usage(container.key)
  expect(statSync(container.path('sparse')).blocks * 512).toBeLessThan(MEBIBYTE)
  writeAt(container.path('sparse'), length / 2, 'middle')
  expect(readAt(container.path('sparse'), 0, 5)).toBe('start')
  expect(readAt(container.path('sparse'), length / 2, 6)).toBe('middle')
  expect(readAt(container.path('sparse'), length - 3, 10)).toBe('end')
  expect(readAt(container.path('sparse'), length / 4, 4)).toBe('\0\0\0\0')
  await fixture.snapshotter.settle()
  const after = await fixture.snapshotter.usage(container.key)
  expect(after.bytes - before.bytes).toBeLessThan(8 * MEBIBYTE)
}

async function handlesFiveGibibytes(fixture: Fixture): Promise<void> {
  const length = 5 * GIBIBYTE
  const image = await fixture.layer(null, (root) => sparseFile(`${root}/long`, length))
  const container = await fixture.container(image)
  expect(statSync(container.path('long')).size).toBe(length)
  expect(readAt(container.path('long'), length - 3, 10)).toBe('end')
  sparseFile(container.path('own'), length)
  expect(readAt(container.path('own'), length - 3, 10)).toBe('end')
  expect(readAt(container.path('own'), length - GIBIBYTE, 4)).toBe('\0\0\0\0')
}

async function changesFiveGibibytes(fixture: Fixture): Promise<void> {
  const length = 5 * GIBIBYTE
  const image = await fixture.layer(null, (root) => sparseFile(`${root}/long`, length))
  const container = await fixture.container(image)
  writeAt(container.path('long'), length - GIBIBYTE, 'beyond 4 GiB')
  expect(statSync(container.path('long')).size).toBe(length)
  expect(readAt(container.path('long'), length - GIBIBYTE, 12)).toBe('beyond 4 GiB')
  expect(readAt(container.path('long'), 0, 5)).toBe('start')
  expect(readAt(container.path('long'), length - 3, 10)).toBe('end')
}

/** `start` and `end` at its ends, and a hole between. */
function sparseFile(path: string, length: number): void {
  const fd = openSync(path, 'wx')
  try {
    ftruncateSync(fd, length)
  } finally {
    closeSync(fd)
  }
  writeAt(path, 0, 'start')
  writeAt(path, length - 3, 'end')
}

export const largeFileChecks: Checks = {
  'a sparse file of the image stays sparse when it is changed': keepsHoles,
  'a file of 5 GiB': handlesFiveGibibytes,
  'a change beyond 4 GiB in a file of the image': changesFiveGibibytes,
}
