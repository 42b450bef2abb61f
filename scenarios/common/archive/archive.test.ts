import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { applyArchive, type UnpackCalls } from './apply.ts'
import { TAR_BLOCK } from './block.ts'
import { decodeHeader, encodeHeader, PLAIN, type TarEntry } from './header.ts'
import { readArchive } from './reader.ts'
import { createArchive } from './writer.ts'

const code = (value: string) => expect.objectContaining({ code: `archive.${value}` }) as Error

/** Owners need root; nothing here has devices or attributes. */
const calls: UnpackCalls = {
  lsetxattr: () => undefined,
  llistxattr: () => [],
  lremovexattr: () => undefined,
  mknod: () => undefined,
}
const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'bench-archive-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

function archiveOf(entries: readonly (Partial<TarEntry> & { content?: string })[]): string {
  const home = folder()
  const path = join(home, 'layer.tar')
  const archive = createArchive(path)
  for (const { content, ...entry } of entries) {
    const source = join(home, 'content')
    if (content !== undefined) writeFileSync(source, content)
    const size = Buffer.byteLength(content ?? '')
    archive.add({ ...PLAIN, ...owner, ...entry, size }, content === undefined ? undefined : source)
  }
  archive.end()
  return path
}

/** Unpacks onto a tree beside which there is something to be harmed. */
function unpack(entries: Parameters<typeof archiveOf>[0], prepare: (root: string) => void = () => undefined) {
  const home = folder()
  const root = join(home, 'root')
  mkdirSync(root)
  mkdirSync(join(home, 'outside'))
  writeFileSync(join(home, 'outside/file'), 'outside')
  prepare(root)
  try {
    applyArchive(calls, archiveOf(entries), root)
  } finally {
    expect(readdirSync(home).toSorted()).toEqual(['outside', 'root'])
    expect(readdirSync(join(home, 'outside'))).toEqual(['file'])
    expect(readFileSync(join(home, 'outside/file'), 'utf8')).toBe('outside')
  }
  return root
}

describe('an archive', () => {
  const anyName = fc
    .string({ minLength: 1, maxLength: 300, unit: 'grapheme' })
    .filter((text) => !/[\0/]/.test(text))
  const anyEntry = fc.record({
    path: anyName,
    type: fc.constantFrom('file', 'link', 'symlink', 'character', 'fifo'),
    mode: fc.integer({ min: 0, max: 0o7777 }),
    uid: fc.integer({ min: 0, max: 2 ** 32 - 2 }),
    gid: fc.integer({ min: 0, max: 2 ** 32 - 2 }),
    mtime: fc.integer({ min: 0, max: 2 ** 34 }).map((time) => time / 4),
    target: anyName,
    major: fc.nat(4095),
    minor: fc.nat(2 ** 20 - 1),
    attributes: fc
      .dictionary(fc.constantFrom('user.a', 'security.capability'), fc.uint8Array({ maxLength: 2000 }))
      .map((all) => new Map(Object.entries(all).map(([name, value]) => [name, Buffer.from(value)]))),
  })

  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 5 }), fc.string({ maxLength: 2000 }), (some, content) => {
        const entries = some.map((entry) => ({ ...PLAIN, ...entry }))
        const path = archiveOf(
          entries.map((entry) => ({ ...entry, ...(entry.type === 'file' ? { content } : {}) })),
        )
        const seen: TarEntry[] = []
        readArchive(path, (entry, read) => {
          const pieces: Buffer[] = []
          read((piece) => void pieces.push(Buffer.from(piece)))
          const expected = entry.type === 'file' ? Buffer.from(content) : Buffer.alloc(0)
          expect(Buffer.concat(pieces).equals(expected)).toBe(true)
          seen.push(entry)
        })
        const size = Buffer.byteLength(content)
        expect(seen).toEqual(entries.map((entry) => ({ ...entry, size: entry.type === 'file' ? size : 0 })))
      }),
      { numRuns: 40 },
    )
  })

  it('has no broken header, record or end', () => {
    const block = encodeHeader({ ...PLAIN, path: 'file' })
    block[0] = 0x78
    expect(() => decodeHeader(block, new Map())).toThrow(code('checksum'))
    const path = archiveOf([{ path: 'file', content: 'x'.repeat(3000) }])
    const short = join(folder(), 'short.tar')
    writeFileSync(short, readFileSync(path).subarray(0, TAR_BLOCK + 1000))
    expect(() => readArchive(short, () => undefined)).toThrow(code('short'))
    const broken = readFileSync(archiveOf([{ path: 'ü' }]))
    broken[TAR_BLOCK] = 0x39
    writeFileSync(short, broken)
    expect(() => readArchive(short, () => undefined)).toThrow(code('record'))
  })
})

describe('unpacking', () => {
  it('hides what a whiteout names, and what an opaque directory had', () => {
    const root = unpack(
      [
        { path: '.wh.gone' },
        { path: 'dir', type: 'directory', mode: 0o755 },
        { path: 'dir/new', content: 'new' },
        { path: 'dir/.wh..wh..opq' },
        { path: '.wh..wh.plnk' },
        { path: 'made/of/nothing', content: '' },
      ],
      (tree) => {
        writeFileSync(join(tree, 'gone'), '')
        mkdirSync(join(tree, 'dir/below'), { recursive: true })
        writeFileSync(join(tree, 'dir/old'), '')
        writeFileSync(join(tree, 'kept'), '')
      },
    )
    expect(readdirSync(root).toSorted()).toEqual(['dir', 'kept', 'made'])
    expect(readdirSync(join(root, 'dir'))).toEqual(['new'])
    expect(existsSync(join(root, 'made/of/nothing'))).toBe(true)
  })

  it('lets an entry take the place of one of another kind', () => {
    const root = unpack(
      [
        { path: 'a', type: 'directory', mode: 0o755 },
        { path: 'a/x', content: 'x' },
        { path: 'b', content: 'b' },
      ],
      (tree) => {
        writeFileSync(join(tree, 'a'), '')
        mkdirSync(join(tree, 'b/c'), { recursive: true })
      },
    )
    expect(readFileSync(join(root, 'a/x'), 'utf8')).toBe('x')
    expect(readFileSync(join(root, 'b'), 'utf8')).toBe('b')
  })

  it.each<[string, Partial<TarEntry>]>([
    ['an absolute path', { path: '/outside/file' }],
    ['a path that goes up', { path: '../outside/file' }],
    ['a path that goes up on its way', { path: 'a/../../outside/file' }],
    ['a whiteout that goes up', { path: '../outside/.wh.file' }],
    ['a hard link that leads out', { path: 'in', type: 'link', target: '../outside/file' }],
    ['a hard link to an absolute path', { path: 'in', type: 'link', target: '/outside/file' }],
  ])('refuses %s, with its name', (_, entry) => {
    expect(() => unpack([entry])).toThrow(code('path'))
    expect(() => unpack([entry])).toThrow(/outside/)
  })

  it('follows links as the container would', () => {
    const links = (root: string) => {
      symlinkSync('/deep', join(root, 'absolute'))
      symlinkSync('../../../../../deep', join(root, 'up'))
      symlinkSync('../outside', join(root, 'out'))
    }
    const root = unpack(
      [
        { path: 'absolute/one', content: '1' },
        { path: 'up/two', content: '2' },
        { path: 'out/three', content: '3' },
      ],
      links,
    )
    expect(readdirSync(join(root, 'deep')).toSorted()).toEqual(['one', 'two'])
    expect(readdirSync(join(root, 'outside'))).toEqual(['three'])
  })

  it('does not write through a link that the archive brings, nor for ever along links', () => {
    const root = unpack([
      { path: 'a', type: 'symlink', target: '../../outside' },
      { path: 'a', content: 'a file of its own' },
      { path: 'b', type: 'symlink', target: '../outside/file' },
      { path: 'c', type: 'link', target: 'b' },
    ])
    expect(readFileSync(join(root, 'a'), 'utf8')).toBe('a file of its own')
    const loop = [{ path: 'x', type: 'symlink', target: 'x' } as const, { path: 'x/y', content: '' }]
    expect(() => unpack(loop)).toThrow(code('links'))
  })
})
