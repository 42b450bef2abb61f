import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { diskFolder, isRoot, testHost } from '../testing/scratch-file.ts'
import { lineAppender } from './append-lines.ts'

/** A file system of two pages, the second of which is filled on demand. */
function smallDisk() {
  const folder = diskFolder()
  const path = join(folder.path, 'disk')
  mkdirSync(path)
  const { syscalls } = testHost()
  syscalls.mount('tmpfs', path, 'tmpfs', 0, 'size=8k')
  return {
    path: join(path, 'lines'),
    fill: () => writeFileSync(join(path, 'other'), 'x'),
    makeRoom: () => rmSync(join(path, 'other')),
    [Symbol.dispose]() {
      syscalls.umount(path)
      folder[Symbol.dispose]()
    },
  }
}

const LINE = `${'x'.repeat(99)}\n`

describe.skipIf(!isRoot)('a disk that is full for a moment', () => {
  test('tears no line that was acknowledged, and keeps nothing of the one that failed', () => {
    using disk = smallDisk()
    const fd = openSync(disk.path, 'a+')
    const append = lineAppender(fd)
    disk.fill()
    for (let line = 0; line < 40; line += 1) append(LINE)
    // 96 bytes are left of the page: write(2) writes them, and says so.
    expect(() => append(LINE)).toThrow('ENOSPC')
    expect(readFileSync(disk.path, 'utf8')).toBe(LINE.repeat(40))
    expect(() => append(LINE)).toThrow('ENOSPC')
    disk.makeRoom()
    append(LINE)
    expect(readFileSync(disk.path, 'utf8')).toBe(LINE.repeat(41))
    closeSync(fd)
  })
})

test('a line that was torn before stays alone: the next begins on a new line', () => {
  using folder = diskFolder()
  const path = join(folder.path, 'lines')
  writeFileSync(path, 'one\ntor')
  const fd = openSync(path, 'a+')
  const append = lineAppender(fd)
  append('two\n')
  append('three\n')
  closeSync(fd)
  expect(readFileSync(path, 'utf8')).toBe('one\ntor\ntwo\nthree\n')
})
