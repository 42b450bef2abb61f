/** Archives that mean harm: nothing outside of the tree is touched, each ends by itself, and says what is wrong. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BenchError } from '../../../harness/contracts/error.ts'
import { errnoOf } from '../../../harness/contracts/syscalls.ts'
import { applyArchive, type UnpackOptions } from './apply.ts'
import { TAR_BLOCK } from './block.ts'
import { encodeHeader, paddingOf, PLAIN, type TarEntry } from './header.ts'

const calls = {
  lsetxattr: () => undefined,
  llistxattr: () => [],
  lremovexattr: () => undefined,
  mknod: () => undefined,
}
const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }

type Given = Partial<TarEntry> & { content?: string }

function archiveOf(entries: readonly Given[]): Buffer {
  const blocks = entries.map(({ content = '', ...entry }) => {
    const size = Buffer.byteLength(content)
    const header = encodeHeader({ ...PLAIN, ...owner, size, ...entry })
    return Buffer.concat([header, Buffer.from(content), Buffer.alloc(paddingOf(size))])
  })
  return Buffer.concat([...blocks, Buffer.alloc(2 * TAR_BLOCK)])
}

/** Unpacks beside something that could be harmed. Returns the code of what it threw; null: it was unpacked. */
function attack(archive: Buffer, options: UnpackOptions = {}): string | null {
  const home = mkdtempSync(join(tmpdir(), 'bench-hostile-'))
  const root = join(home, 'root')
  const outside = join(home, 'outside')
  for (const folder of [root, outside]) mkdirSync(folder)
  writeFileSync(join(outside, 'file'), 'outside')
  writeFileSync(join(root, 'own'), 'own')
  try {
    applyArchive(calls, archive, root, options)
    return null
  } catch (error) {
    const code = error instanceof BenchError ? error.code : errnoOf(error)
    // Anything else would be a bug, and have a stack.
    if (code === null) throw error
    return code
  } finally {
    const harm = [
      readdirSync(home).toSorted().join() === 'outside,root' ? null : 'beside the tree',
      existsSync(root) ? null : 'the tree is gone',
      readdirSync(outside).join() === 'file' ? null : 'outside',
      readFileSync(join(outside, 'file'), 'utf8') === 'outside' ? null : 'a file outside',
    ]
    rmSync(home, { recursive: true, force: true })
    expect(harm.filter((one) => one !== null)).toEqual([])
  }
}

describe('a whiteout', () => {
  it.each(['.wh.', '.wh..', '.wh...', 'd/.wh...', 'd/.wh.'])(
    'called %s hides no name, and is refused',
    (path) => {
      expect(attack(archiveOf([{ path }]))).toBe('archive.path')
    },
  )
})

describe('a link', () => {
  const through: readonly Given[] = [
    { path: 'way/file', content: 'harm' },
    { path: 'way/.wh.file' },
    { path: 'way/.wh..wh..opq' },
    { path: 'way', type: 'directory', mode: 0o700 },
  ]

  it.each(['../outside', '/outside', '../../../outside', '../root/../outside'])(
    'to %s is no way out',
    (target) => {
      const link: Given = { path: 'way', type: 'symlink', target }
      expect(through.map((next) => attack(archiveOf([link, next])))).toEqual(through.map(() => null))
      const hard: Given = { path: 'hard', type: 'link', target: 'way/file' }
      expect(attack(archiveOf([link, hard]))).toBe('ENOENT')
    },
  )
})

describe('a bomb', () => {
  it('of zeros is refused by its size, with its name', () => {
    const entry = { path: 'zeros', size: 2 ** 37 }
    expect(attack(encodeHeader({ ...PLAIN, ...owner, ...entry }))).toBe('archive.bytes')
  })

  it('of entries is refused by their number', () => {
    const entries = Array.from({ length: 101 }, (_, index) => ({ path: `f${index}` }))
    expect(attack(archiveOf(entries), { mostEntries: 101 })).toBeNull()
    expect(attack(archiveOf(entries), { mostEntries: 100 })).toBe('archive.entries')
  })
})

describe('200 hostile archives', () => {
  const step = fc.constantFrom(
    '..',
    '.',
    '',
    'own',
    'd',
    'way',
    'file',
    '.wh.',
    '.wh...',
    '.wh..wh..opq',
    '.wh.own',
    'x'.repeat(300),
  )
  const path = fc.array(step, { minLength: 1, maxLength: 6 }).map((steps) => steps.join('/'))
  const anyPath = fc.oneof(
    path,
    path.map((each) => `/${each}`),
    fc.string({ maxLength: 200 }),
  )
  const entry = fc.record({
    path: anyPath,
    target: fc.oneof(anyPath, fc.constantFrom('../outside', '../outside/file', '/', '..')),
    type: fc.constantFrom('file', 'link', 'symlink', 'directory', 'fifo', 'character'),
    content: fc.constantFrom('', 'harm'),
  })
  const entries = fc.array(entry, { minLength: 1, maxLength: 8 })

  it('that lead out, up, in circles and through each other touch nothing outside', () => {
    fc.assert(
      fc.property(entries, (given) => {
        attack(
          archiveOf(given.map(({ content, ...one }) => (one.type === 'file' ? { ...one, content } : one))),
        )
      }),
      { numRuns: 100 },
    )
  })

  it('with any bytes changed are unpacked or refused', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(entries, damage, fc.boolean(), (given, bytes, mends) => {
        const archive = archiveOf(
          given.map(({ content, ...one }) => (one.type === 'file' ? { ...one, content } : one)),
        )
        for (const [at, value] of bytes) archive[at % archive.length] = value
        if (mends) mendChecksum(archive)
        attack(archive)
      }),
      { numRuns: 100 },
    )
  })
})

/** Makes the first header's sum right again, so that what is wrong with it is looked at. */
function mendChecksum(archive: Buffer): void {
  const header = archive.subarray(0, TAR_BLOCK)
  header.fill(' ', 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
}
