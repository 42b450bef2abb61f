/** GNU tar reads what is written here, and what it writes is read here, in each of its formats. */
import { execFileSync } from 'node:child_process'
import {
  closeSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readTree, treeDifference, type TreeState } from '../tree-state.ts'
import { applyArchive } from './apply.ts'
import { writeDiff } from './diff.ts'

const none = { llistxattr: () => [], lgetxattr: () => null }
const calls = {
  lsetxattr: () => undefined,
  llistxattr: () => [],
  lremovexattr: () => undefined,
  mknod: () => undefined,
}

function folders(): { home: string; empty: string; full: string } {
  const home = mkdtempSync(join(tmpdir(), 'bench-tar-'))
  onTestFinished(() => rmSync(home, { recursive: true }))
  const [empty, full] = [join(home, 'empty'), join(home, 'full')]
  for (const path of [empty, full]) mkdirSync(path)
  const deep = join(full, 'd'.repeat(90), 'e'.repeat(90))
  mkdirSync(deep, { recursive: true })
  writeFileSync(join(deep, `${'long'.repeat(40)}.txt`), 'long')
  writeFileSync(join(full, 'ünïcode'), 'x'.repeat(70_000), { mode: 0o640 })
  writeFileSync(join(full, 'two'), 'two')
  linkSync(join(full, 'two'), join(full, 'two-names'))
  symlinkSync('l'.repeat(200), join(full, 'link'))
  utimesSync(join(full, 'two'), 1234, 1234.5)
  return { home, empty, full }
}

const tree = (root: string): TreeState => readTree(none, root)

describe('GNU tar', () => {
  it('unpacks what is written here', () => {
    const { home, empty, full } = folders()
    const archive = join(home, 'ours.tar')
    expect(writeDiff(none, empty, full, archive)).toMatchObject({ entries: 7 })
    const copy = join(home, 'copy')
    mkdirSync(copy)
    execFileSync('tar', ['-xpf', archive, '-C', copy])
    expect(treeDifference(tree(full), tree(copy))).toBeNull()
  })

  it.each(['gnu', 'posix', 'oldgnu'])('writes %s archives that are unpacked here', (format) => {
    const { home, full } = folders()
    const archive = join(home, 'theirs.tar')
    execFileSync('tar', ['-cf', archive, `--format=${format}`, '-C', full, '.'])
    const copy = join(home, 'copy')
    mkdirSync(copy)
    applyArchive(calls, archive, copy)
    const seen = tree(copy)
    // Only pax keeps fractions of seconds.
    expect(treeDifference(format === 'posix' ? tree(full) : wholeSeconds(tree(full)), seen)).toBeNull()
  })
})

describe('a sparse file', () => {
  it.each([
    ['gnu', []],
    ['posix', ['--sparse-version=1.0']],
    ['posix', ['--sparse-version=0.1']],
  ])('in an archive of GNU tar is unpacked with its zeros (%s %s)', (format, version) => {
    const { home, full } = folders()
    const path = join(full, 'sparse')
    const fd = openSync(path, 'w')
    // More ranges than one header of the old format holds.
    for (let range = 0; range < 40; range += 1) writeSync(fd, `data ${range}`, range * 256 * 1024)
    ftruncateSync(fd, 20 * 1024 ** 2)
    closeSync(fd)
    const archive = join(home, 'sparse.tar')
    execFileSync('tar', ['-cSf', archive, `--format=${format}`, ...version, '-C', full, 'sparse'])
    expect(statSync(archive).size).toBeLessThan(1024 ** 2)
    const copy = join(home, 'copy')
    mkdirSync(copy)
    applyArchive(calls, archive, copy)
    expect(readFileSync(join(copy, 'sparse')).equals(readFileSync(path))).toBe(true)
  })
})

function wholeSeconds(state: TreeState): TreeState {
  return new Map(
    [...state].map(([path, entry]) => {
      const time = Number(entry['time of change'])
      return [path, { ...entry, 'time of change': String(Math.floor(time / 1000) * 1000) }]
    }),
  )
}
