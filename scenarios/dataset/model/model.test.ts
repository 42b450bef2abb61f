import {
  chmodSync,
  existsSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { seededContents, createFile } from '../many-files/contents.ts'
import { ownerOfProcess } from '../many-files/write.ts'
import { addNode, copyOf, directoryAt, findNode, linkNodeTo, removeNode, renameNode } from './change.ts'
import { compareTree } from './compare.ts'
import { directoryNode, fileNode, linkNode, type DirectoryNode, type TreeNode } from './nodes.ts'

const contents = seededContents({ seed: 1, identity: 'model', compressibility: 1 }, 33)
const owner = ownerOfProcess()

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'bench-model-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const NAMES = ['a', 'b', 'c', 'a/a', 'a/b', 'b/a', 'b/c/d', 'a/b/c'] as const
const anyName = fc.constantFrom(...NAMES)
const anyStep = fc.record({
  verb: fc.constantFrom('file', 'directory', 'symlink', 'remove', 'rename', 'link', 'chmod', 'utimes'),
  from: anyName,
  to: anyName,
  number: fc.integer({ min: 0, max: 99 }),
})
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never

/** What stands in the way of a step on a real file system, as far as the model can tell. */
function isPossible(root: DirectoryNode, { verb, from, to }: Step): boolean {
  const node = findNode(root, from)
  const parentOf = (path: string) =>
    findNode(root, path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.')
  switch (verb) {
    case 'file':
    case 'directory':
    case 'symlink':
      return node === undefined && parentOf(from)?.type === 'directory'
    case 'remove':
    case 'utimes':
      return node !== undefined
    case 'chmod':
      return node !== undefined && node.type !== 'symlink'
    case 'link':
      return node?.type === 'file' && findNode(root, to) === undefined && parentOf(to)?.type === 'directory'
    case 'rename': {
      const target = findNode(root, to)
      if (node === undefined || parentOf(to)?.type !== 'directory' || `${to}/`.startsWith(`${from}/`))
        return false
      return target === undefined || (node.type !== 'directory' && target.type !== 'directory')
    }
  }
}

function step(root: string, model: DirectoryNode, { verb, from, to, number }: Step): void {
  const path = join(root, from)
  const known = () => findNode(model, from) as TreeNode
  switch (verb) {
    case 'file':
      createFile(path, contents, number, 0o600)
      return addNode(model, from, fileNode(0o600, owner, contents, number))
    case 'directory':
      mkdirSync(path, 0o700)
      return addNode(model, from, directoryNode(0o700, owner))
    case 'symlink':
      symlinkSync(`to-${number}`, path)
      return addNode(model, from, linkNode(`to-${number}`, owner))
    case 'remove':
      rmSync(path, { recursive: true })
      return void removeNode(model, from)
    case 'rename':
      renameSync(path, join(root, to))
      return renameNode(model, from, to)
    case 'link':
      linkSync(path, join(root, to))
      return linkNodeTo(model, from, to)
    case 'chmod': {
      chmodSync(path, 0o700 + number)
      const node = known()
      if (node.type !== 'symlink') node.mode = 0o700 + number
      return
    }
    case 'utimes': {
      lutimesSync(path, number, number)
      const node = known()
      // What happens in a directory changes its time.
      if (node.type !== 'directory') node.mtime = number
    }
  }
}

describe('a model', () => {
  it('is the tree that the same calls made', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 30 }), (steps) => {
        const root = mkdtempSync(join(tmpdir(), 'bench-model-'))
        try {
          const model = directoryNode(0o755, owner)
          for (const each of steps) if (isPossible(model, each)) step(root, model, each)
          expect(compareTree(root, model).difference).toBeNull()
        } finally {
          rmSync(root, { recursive: true })
        }
      }),
      { numRuns: 100 },
    )
  })

  it('keeps its own files when a copy of it changes', () => {
    const model = directoryNode(0o755, owner)
    addNode(model, 'file', fileNode(0o600, owner, contents, 1))
    const copy = copyOf(model) as DirectoryNode
    removeNode(copy, 'file')
    expect(findNode(model, 'file')).toMatchObject({ links: 1 })
    expect(() => directoryAt(model, 'file')).toThrow('has no directory')
    expect(() => addNode(model, 'file', directoryNode(0, owner))).toThrow('already has')
  })
})

/** Each difference that a tree can have from its model, how it comes about, and how it is told. */
const differences: readonly [what: string, spoil: (root: string) => void, told: string][] = [
  ['another name', (root) => writeFileSync(join(root, 'more'), ''), 'more should not be there'],
  ['a name less', (root) => unlinkSync(join(root, 'd/link')), 'd/link is missing'],
  [
    'another type',
    (root) => replace(root, 'd/link', (path) => mkdirSync(path)),
    'd/link: type is directory, not symlink',
  ],
  ['another mode', (root) => chmodSync(join(root, 'd/file'), 0o640), 'd/file: mode is 640, not 600'],
  [
    'another target',
    (root) => replace(root, 'd/link', (path) => symlinkAt('else', path)),
    'd/link: target is else, not file',
  ],
  [
    'one more link',
    (root) => linkSync(join(root, 'd/file'), `${root}-link`),
    'd/file: number of links is 2, not 1',
  ],
  ['another length', (root) => truncateSync(join(root, 'd/file'), 32), 'd/file: size is 32, not 33'],
  [
    'another byte',
    (root) => writeFileSync(join(root, 'd/file'), wrongByte(), { flag: 'r+' }),
    'd/file has a wrong byte at 20',
  ],
  ['another time', (root) => lutimesSync(join(root, 'd/link'), 5, 5), 'd/link: time of change is 5, not 7'],
  ['two files for one', (root) => apart(root), 'd/two: number of links is 1, not 2'],
]

function replace(root: string, name: string, make: (path: string) => void): void {
  unlinkSync(join(root, name))
  make(join(root, name))
}

function symlinkAt(target: string, path: string): void {
  symlinkSync(target, path)
  lutimesSync(path, 7, 7)
}

function wrongByte(): Buffer {
  const bytes = Buffer.alloc(33)
  contents.read(1, bytes, 0)
  bytes[20] = (bytes[20] ?? 0) ^ 1
  return bytes
}

function apart(root: string): void {
  replace(root, 'd/two', (path) => createFile(path, contents, 2, 0o600))
}

describe('a comparison', () => {
  it.each(differences)('tells %s', (_, spoil, told) => {
    const root = join(folder(), 'root')
    mkdirSync(join(root, 'd'), { recursive: true, mode: 0o755 })
    chmodSync(join(root, 'd'), 0o755)
    createFile(join(root, 'd/file'), contents, 1, 0o600)
    createFile(join(root, 'd/one'), contents, 2, 0o600)
    linkSync(join(root, 'd/one'), join(root, 'd/two'))
    symlinkSync('file', join(root, 'd/link'))
    lutimesSync(join(root, 'd/link'), 7, 7)
    const model = directoryNode(0o755, owner)
    addNode(model, 'd', directoryNode(0o755, owner))
    addNode(model, 'd/file', fileNode(0o600, owner, contents, 1))
    addNode(model, 'd/two', fileNode(0o600, owner, contents, 2))
    linkNodeTo(model, 'd/two', 'd/one')
    addNode(model, 'd/link', { ...linkNode('file', owner), mtime: 7 })
    expect(existsSync(root)).toBe(true)
    expect(compareTree(root, model).difference).toBeNull()
    spoil(root)
    expect(compareTree(root, model).difference).toBe(told)
  })

  it('counts links that are not shown, where it is asked to', () => {
    const root = folder()
    for (const name of ['one', 'two']) createFile(join(root, name), contents, 1, 0o600)
    const model = directoryNode(0o755, owner)
    addNode(model, 'one', fileNode(0o600, owner, contents, 1))
    linkNodeTo(model, 'one', 'two')
    expect(compareTree(root, model).difference).toBe('one: number of links is 1, not 2')
    expect(compareTree(root, model, { countsLinks: true })).toMatchObject({ difference: null, linksApart: 2 })
  })

  it('tells an extended attribute that is not there', () => {
    const root = folder()
    createFile(join(root, 'file'), contents, 1, 0o600)
    const model = directoryNode(0o755, owner)
    addNode(model, 'file', { ...fileNode(0o600, owner, contents, 1), attributes: new Map([['user.a', 'b']]) })
    const attribute = (found: string | null) => ({
      attribute: () => (found === null ? null : Buffer.from(found)),
    })
    expect(compareTree(root, model, attribute('b')).difference).toBeNull()
    expect(compareTree(root, model, attribute('c')).difference).toBe('file: user.a is c, not b')
    expect(compareTree(root, model, attribute(null)).difference).toBe('file: user.a is absent, not b')
  })
})
