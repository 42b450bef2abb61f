import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { HiddenBy } from '../../harness/contracts/snapshotter.ts'
import { hiddenBy } from './hidden-by.ts'

/** Files that a union left, attributes of directories, and what they hide. Whiteouts that are devices are tried with real unions. */
const marks: readonly [string, files: string[], opaque: string[], path: string, expected: HiddenBy | null][] =
  [
    ['nothing', ['a/b/other'], [], 'a/b/c', null],
    ['a whiteout file', ['a/b/.wh.c'], [], 'a/b/c', 'whiteout'],
    ['a whiteout of a directory above', ['a/.wh.b'], [], 'a/b/c', 'whiteout'],
    ['an opaque file', ['a/b/.wh..wh..opq'], [], 'a/b/c', 'opaque'],
    ['an opaque directory', ['a/b/other'], ['a'], 'a/b/c', 'opaque'],
    ['an opaque directory beside', ['a/d/other'], ['a/d'], 'a/b/c', null],
    ['a folder of hidden names', ['.unionfs-fuse/a/b_HIDDEN~'], [], 'a/b/c', 'whiteout'],
    ['a folder of an older version', ['.unionfs/a/b/c_HIDDEN~'], [], 'a/b/c', 'whiteout'],
  ]

it.each(marks)('%s', (_, files, opaque, path, expected) => {
  const upper = mkdtempSync(join(tmpdir(), 'bench-hidden-'))
  onTestFinished(() => rmSync(upper, { recursive: true }))
  for (const file of files) {
    mkdirSync(join(upper, file, '..'), { recursive: true })
    writeFileSync(join(upper, file), '')
  }
  const lgetxattr = (directory: string) =>
    opaque.some((each) => join(upper, each) === directory) ? Buffer.from('y') : null
  expect(hiddenBy({ lgetxattr }, upper, path)).toBe(expected)
})
