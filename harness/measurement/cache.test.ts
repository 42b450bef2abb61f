import { closeSync, fsyncSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { diskFolder, isRoot, MIB, testHost } from '../testing/scratch-file.ts'
import { dropCaches, readThrough, residentShare } from './cache.ts'

const { syscalls } = testHost()

test.skipIf(!isRoot)('a file is in the page cache after reading, and not after dropping', () => {
  using folder = diskFolder()
  const path = join(folder.path, 'file')
  const fd = openSync(path, 'w')
  writeSync(fd, Buffer.alloc(8 * MIB, 7))
  // Dirty pages would stay.
  fsyncSync(fd)
  closeSync(fd)
  dropCaches()
  expect(residentShare(syscalls, path)).toBe(0)
  readThrough(path)
  expect(residentShare(syscalls, path)).toBe(1)
  dropCaches()
  expect(residentShare(syscalls, path)).toBe(0)
})

test('an empty file is all there', () => {
  using folder = diskFolder()
  const path = join(folder.path, 'empty')
  writeFileSync(path, '')
  expect(residentShare(syscalls, path)).toBe(1)
})
