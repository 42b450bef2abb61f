import { chownSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { diskFolder, isRoot } from '../testing/scratch-file.ts'
import { readManifest } from './tree-hash.ts'

test.skipIf(!isRoot)('a tree is read with its owners, those of a link its own', () => {
  using folder = diskFolder()
  writeFileSync(join(folder.path, 'f'), '')
  chownSync(join(folder.path, 'f'), 12, 34)
  symlinkSync('f', join(folder.path, 'link'))
  const read = new Map(readManifest(folder.path).map((entry) => [entry.path, entry]))
  expect(read.get('f')).toMatchObject({ uid: 12, gid: 34 })
  expect(read.get('link')).toMatchObject({ uid: 0, gid: 0 })
})
