import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ManifestEntry } from '../contracts/image.ts'
import { diskFolder } from '../testing/scratch-file.ts'
import { hashFile, manifestDifference, manifestHash, mergeLayers, readManifest } from './tree-hash.ts'

const entry = fc.record<ManifestEntry>({
  path: fc.string({ minLength: 1 }),
  type: fc.constantFrom('file', 'directory', 'symlink'),
  mode: fc.nat(0o7777),
  uid: fc.nat(9),
  gid: fc.nat(9),
  size: fc.nat(),
  digest: fc.string(),
})
const tree = fc.uniqueArray(entry, { selector: ({ path }) => path, minLength: 1 })
const byPath = (entries: readonly ManifestEntry[]) => new Map(entries.map((one) => [one.path, one]))
const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest('hex')

describe('the hash of a tree', () => {
  test('does not depend on the order in which it is read', () => {
    fc.assert(
      fc.property(tree, (entries) => {
        expect(manifestHash(entries.toReversed())).toBe(manifestHash(entries))
      }),
    )
  })

  test('changes with anything that a container could see', () => {
    const change = fc.constantFrom<Partial<ManifestEntry>>(
      { path: 'a name that no entry has'.repeat(9) },
      { mode: 0o10000 },
      { uid: 10 },
      { gid: 10 },
      { size: -1 },
      { digest: 'another digest'.repeat(9) },
      { attributes: { 'user.a': '00' } },
    )
    fc.assert(
      fc.property(tree, change, (entries, changes) => {
        const [first, ...rest] = entries as [ManifestEntry, ...ManifestEntry[]]
        expect(manifestHash([{ ...first, ...changes }, ...rest])).not.toBe(manifestHash(entries))
        expect(manifestHash(rest)).not.toBe(manifestHash(entries))
      }),
    )
  })
})

describe('what differs', () => {
  test('is nothing between a tree and itself, in any order', () => {
    fc.assert(
      fc.property(tree, (entries) => {
        expect(manifestDifference(byPath(entries), entries.toReversed())).toBeNull()
      }),
    )
  })

  const file: ManifestEntry = {
    path: 'etc/a',
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: 3,
    digest: 'x',
  }

  test.each([
    [[], 'etc/a is missing'],
    [[file, { ...file, path: 'etc/b' }], 'etc/b should not be there'],
    [[{ ...file, size: 4 }], 'etc/a: size is 4, not 3'],
    [[{ ...file, type: 'symlink' as const }], 'etc/a: type is symlink, not file'],
    [[file, file], 'etc/a should not be there'],
    [[{ ...file, attributes: { 'user.a': '01' } }], 'etc/a: user.a is 01, not absent'],
  ])('%o: %s', (seen, expected) => expect(manifestDifference(byPath([file]), seen)).toBe(expected))
})

test('a layer above replaces what lies below', () => {
  const one: ManifestEntry = { path: 'a', type: 'file', mode: 1, uid: 0, gid: 0, size: 1, digest: '1' }
  const merged = mergeLayers([[one, { ...one, path: 'b' }], [{ ...one, digest: '2' }]])
  expect([...merged.values()].map(({ path, digest }) => path + digest)).toEqual(['a2', 'b1'])
})

describe('a tree on disk', () => {
  test('is read with its types, modes and contents; lost+found in its root is none of it', () => {
    using folder = diskFolder()
    const root = folder.path
    mkdirSync(join(root, 'lost+found'))
    mkdirSync(join(root, 'd/lost+found'), { recursive: true })
    writeFileSync(join(root, 'd/f'), 'content')
    chmodSync(join(root, 'd/f'), 0o4711)
    symlinkSync('nowhere', join(root, 'link'))
    const read = byPath(readManifest(root))
    expect([...read.keys()].toSorted()).toEqual(['d', 'd/f', 'd/lost+found', 'link'])
    expect(read.get('d/f')).toMatchObject({ type: 'file', mode: 0o4711, size: 7, digest: sha256('content') })
    expect(read.get('link')).toMatchObject({ type: 'symlink', size: 0, digest: 'nowhere' })
    expect(read.get('d')).toMatchObject({ type: 'directory', size: 0, digest: '' })
  })

  test('is read with its extended attributes where they are asked for, but for the label of the host', () => {
    using folder = diskFolder()
    writeFileSync(join(folder.path, 'f'), '')
    const found = new Map([
      ['user.a', Buffer.from([0, 255])],
      ['security.selinux', Buffer.from('label')],
    ])
    const [read] = readManifest(folder.path, undefined, () => found)
    expect(read?.attributes).toEqual({ 'user.a': '00ff' })
    expect(readManifest(folder.path, undefined, () => new Map())[0]).not.toHaveProperty('attributes')
  })

  test('has its files announced, each once, and nothing else', () => {
    using folder = diskFolder()
    for (const path of ['d/e', 'f']) mkdirSync(join(folder.path, path), { recursive: true })
    const files = ['a', 'd/a', 'd/e/a'].map((path) => join(folder.path, path))
    for (const file of files) writeFileSync(file, file)
    symlinkSync('a', join(folder.path, 'link'))
    const announced: string[] = []
    readManifest(folder.path, (path) => announced.push(path))
    expect(announced.toSorted()).toEqual(files)
  })
})

test('a file larger than what is read at once is hashed whole', () => {
  using folder = diskFolder()
  const data = Buffer.alloc(2 * 1024 ** 2 + 5, 'abc')
  writeFileSync(join(folder.path, 'large'), data)
  expect(hashFile(join(folder.path, 'large'))).toBe(sha256(data))
})
