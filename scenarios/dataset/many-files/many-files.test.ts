import { createHash } from 'node:crypto'
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ManifestEntry } from '../../../harness/contracts/image.ts'
import { compareTree } from '../model/compare.ts'
import { directoryNode } from '../model/nodes.ts'
import { createFile, seededContents, SPARSE_SIZE, type FileSize } from './contents.ts'
import {
  directoryPath,
  directoryPaths,
  eachFile,
  filesOf,
  groupPath,
  groupsOf,
  type ManyFiles,
} from './places.ts'
import { manifestOfManyFiles, modelManyFiles, ownerOfProcess, writeManyFiles } from './write.ts'

const KEY = { seed: 1, identity: 'many', compressibility: 2.6 }

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'bench-many-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

/** Returns what there is in the place of an entry, of the same type. */
function entryOf(root: string, { path, type }: ManifestEntry): ManifestEntry {
  const full = join(root, path)
  const { mode, uid, gid, size } = lstatSync(full)
  const digests = {
    file: () => createHash('sha256').update(readFileSync(full)).digest('hex'),
    symlink: () => readlinkSync(full),
    directory: () => '',
    special: () => '',
  }
  return {
    path,
    type,
    mode: mode & 0o7777,
    uid,
    gid,
    size: type === 'file' ? size : 0,
    digest: digests[type](),
  }
}

const anyTree = fc.record({
  home: fc.constant('home'),
  files: fc.integer({ min: 1, max: 200 }),
  directories: fc.integer({ min: 1, max: 60 }),
})

describe('places', () => {
  it('has every file once, in order, and every directory after the one that holds it', () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        const indices: number[] = []
        eachFile(tree, (_, index) => indices.push(index))
        expect(indices).toEqual(Array.from({ length: tree.files }, (_, index) => index))
        const paths = directoryPaths(tree)
        expect(new Set(paths).size).toBe(tree.directories)
        const groups = Array.from({ length: groupsOf(tree) }, (_, group) => groupPath(tree, group))
        expect(paths.filter((path) => path.split('/').length === 2)).toEqual(groups)
      }),
    )
  })

  it('spreads the files evenly', () => {
    const tree: ManyFiles = { home: 'home', files: 1_000_000, directories: 999 }
    for (const directory of [0, 1, 500, 998]) {
      const { first, end } = filesOf(tree, directory)
      expect(Math.abs(end - first - 1001)).toBeLessThanOrEqual(1)
    }
    expect(directoryPath(tree, 998)).toBe('home/d0062/s06')
  })
})

describe('contents', () => {
  it.each<FileSize>([0, 1, 512, 4096, 10_240, 1024 ** 2 + 3, 'sparse'])(
    'of %s bytes can be read from any offset',
    (size) => {
      const contents = seededContents(KEY, size)
      const whole = Buffer.alloc(contents.size, 1)
      contents.read(3, whole, 0)
      expect(createHash('sha256').update(whole).digest('hex')).toBe(contents.digest(3))
      for (const share of [0.1, 0.5, 0.99]) {
        const offset = Math.floor(contents.size * share)
        const part = Buffer.alloc(Math.min(5000, contents.size - offset), 1)
        contents.read(3, part, offset)
        expect(part.equals(whole.subarray(offset, offset + part.length))).toBe(true)
      }
    },
  )

  it('differ from file to file', () => {
    for (const size of [1000, 'sparse'] as const) {
      const contents = seededContents(KEY, size)
      expect(new Set([0, 1, 2, 3].map((index) => contents.digest(index))).size).toBe(4)
    }
  })

  it.each<FileSize>([0, 10_240, 'sparse'])(
    'of %s bytes are written as they are read, holes as holes',
    (size) => {
      const contents = seededContents(KEY, size)
      const path = join(folder(), 'file')
      createFile(path, contents, 7, 0o640)
      expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(contents.digest(7))
      const { mode, blocks } = statSync(path)
      expect((mode & 0o777).toString(8)).toBe('640')
      expect(blocks * 512).toBeLessThan(size === 'sparse' ? SPARSE_SIZE : contents.size + 8192)
      expect(() => createFile(path, contents, 7, 0o640)).toThrow(/EEXIST/)
    },
  )
})

describe('a tree of many files', () => {
  const tree: ManyFiles = { home: 'home', files: 100, directories: 20 }

  it.each<FileSize>([0, 700, 'sparse'])(
    'with files of %s bytes is what its model and its manifest say',
    (size) => {
      const contents = seededContents(KEY, size)
      const root = folder()
      writeManyFiles(root, tree, contents)
      const model = directoryNode(0o755, ownerOfProcess())
      modelManyFiles(model, tree, contents, ownerOfProcess())
      expect(compareTree(root, model)).toMatchObject({
        difference: null,
        files: 100,
        bytes: 100 * contents.size,
      })
      const entries = manifestOfManyFiles(tree, contents)
      expect(entries.map(({ path }) => path).toSorted()).toEqual(
        readdirSync(root, { recursive: true, encoding: 'utf8' }).toSorted(),
      )
      for (const entry of entries) expect(entryOf(root, entry)).toEqual(entry)

      writeFileSync(join(root, 'home/d0000/f0000001'), 'x')
      expect(compareTree(root, model).difference).toContain('home/d0000/f0000001')
    },
  )

  it('of which a tenth is read is still looked at whole', () => {
    const contents = seededContents(KEY, 700)
    const root = folder()
    writeManyFiles(root, tree, contents)
    const model = directoryNode(0o755, ownerOfProcess())
    modelManyFiles(model, tree, contents, ownerOfProcess())
    const readsFile = (index: number) => index % 10 === 3
    expect(compareTree(root, model, { readsFile })).toMatchObject({ difference: null, files: 10 })
    rmSync(join(root, 'home/d0001/latest'))
    expect(compareTree(root, model, { readsFile }).difference).toBe('home/d0001/latest is missing')
  })
})
