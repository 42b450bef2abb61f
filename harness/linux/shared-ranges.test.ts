import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { SyscallError, type Extent } from '../contracts/syscalls.ts'
import { ExtentFlag } from './fiemap.ts'
import { sharedRanges } from './shared-ranges.ts'

const { last: LAST, encoded: ENCODED, inline: INLINE, unwritten: UNWRITTEN, shared: SHARED } = ExtentFlag

const folder = mkdtempSync(join(tmpdir(), 'bench-test-'))
const [one, other] = [join(folder, 'one'), join(folder, 'other')]
for (const path of [one, other]) writeFileSync(path, '')
afterAll(() => rmSync(folder, { recursive: true }))

const extent = (logical: number, physical: number, length: number, flags: number = SHARED): Extent => ({
  logical,
  physical,
  length,
  flags,
})

/** What two files share whose extents are these; they lie on the store's own device. */
function shared(left: readonly Extent[], right: readonly Extent[] | Error) {
  const answers = [left, right]
  const fiemap = () => {
    const answer = answers.shift()
    if (answer instanceof Error) throw answer
    return [...(answer ?? [])]
  }
  return sharedRanges({ fiemap }, everyDevice(), [one, other])
}

/** Whatever block device the files of this test lie on is taken for the store's. */
function everyDevice(): string[] {
  return readdirSync('/sys/class/block').map((name) => `/dev/${name}`)
}

test('what lies in the same place at the same offset is one', () => {
  expect(
    shared([extent(0, 1000, 300)], [extent(0, 1000, 100), extent(100, 1100, 50, SHARED | LAST)]),
  ).toEqual([
    { offset: 0, length: 100 },
    { offset: 100, length: 50 },
  ])
})

test('what lies elsewhere, at another offset, or is nobody else’s is not', () => {
  const file = [extent(0, 1000, 100), extent(100, 5000, 100), extent(200, 1200, 100, 0)]
  expect(shared(file, [extent(0, 1100, 100), extent(100, 4900, 100), extent(200, 1200, 100)])).toEqual([])
})

test.each([ENCODED, INLINE, UNWRITTEN])('nor is what is not plainly there: flag %i', (flag) => {
  const file = [extent(0, 1000, 100, SHARED | flag)]
  expect(shared(file, [extent(0, 1000, 100)])).toEqual([])
  expect(shared([extent(0, 1000, 100)], file)).toEqual([])
})

test('nor is anything of a file system that knows no FIEMAP', () => {
  const error = new SyscallError('ioctl', 95, 'ENOTSUP', 'FS_IOC_FIEMAP')
  expect(shared([extent(0, 1000, 100)], error)).toEqual([])
})
