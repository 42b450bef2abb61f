import { closeSync, fsyncSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Syscalls } from '../contracts/syscalls.ts'
import { diskFolder, isRoot, MIB, testHost } from '../testing/scratch-file.ts'
import { dropCaches, establish, type CacheTarget } from './cache.ts'
import { readThrough } from './read-through.ts'
import { cachedBytes, residentShare } from './residency.ts'

const PAGE = 4096
const { syscalls } = testHost()

test.skipIf(!isRoot)('a file is in the page cache after reading, and not after dropping', async () => {
  using folder = diskFolder()
  const path = join(folder.path, 'file')
  const fd = openSync(path, 'w')
  writeSync(fd, Buffer.alloc(8 * MIB, 7))
  // Dirty pages would stay.
  fsyncSync(fd)
  closeSync(fd)
  dropCaches()
  expect(residentShare(syscalls, path)).toBe(0)
  readThrough(path)
  expect(residentShare(syscalls, path)).toBe(1)
  expect(await cachedBytes(syscalls, { path, beneath: () => Promise.resolve([]) })).toBe(8 * MIB)
  dropCaches()
  expect(residentShare(syscalls, path)).toBe(0)
})

test('an empty file is all there', () => {
  using folder = diskFolder()
  const path = join(folder.path, 'empty')
  writeFileSync(path, '')
  expect(residentShare(syscalls, path)).toBe(1)
})

/** A file of 1,000 pages and one beneath it, with the pages that each has cached; null: it cannot be looked at. */
interface Seen {
  own: number | null
  beneath?: number | null
  beneathPages?: number
}

const PAGES = 1000

/** Returns the outcome and how often the store was settled. Each look finds the next of `looks`, then the last again. */
async function outcome(
  state: CacheTarget['state'],
  looks: readonly Seen[],
): Promise<{ result: string | null; settled: number }> {
  using folder = diskFolder()
  const [path, beneath] = ['own', 'beneath'].map((name) => join(folder.path, name)) as [string, string]
  for (const file of [path, beneath]) writeFileSync(file, '')
  truncateSync(path, PAGES * PAGE)
  truncateSync(beneath, (looks[0]?.beneathPages ?? PAGES) * PAGE)
  const hasBeneath = looks[0]?.beneath !== undefined
  let look = -1
  let own = true
  const residentPages: Syscalls['residentPages'] = (_, length) => {
    if (own) look += 1
    const seen = looks[Math.min(look, looks.length - 1)] as Seen
    const resident = own ? seen.own : (seen.beneath ?? null)
    own = !own || !hasBeneath
    if (resident === null) throw new Error('ENODEV')
    return { resident, total: length / PAGE }
  }
  let settled = 0
  const target: CacheTarget = {
    syscalls: { residentPages },
    state,
    files: [{ path, beneath: () => Promise.resolve(hasBeneath ? [beneath] : []) }],
    settle: async () => void (settled += 1),
  }
  const result = await establish(target).catch((error: unknown) => (error as { code: string }).code)
  return { result, settled }
}

describe('warm', () => {
  test('is a file that is read through until it is there', async () => {
    expect(await outcome('warm', [{ own: 0 }, { own: PAGES }])).toEqual({ result: null, settled: 1 })
  })

  test('is a file that is there itself, whatever lies beneath it', async () => {
    using folder = diskFolder()
    const path = join(folder.path, 'file')
    writeFileSync(path, Buffer.alloc(PAGE))
    const beneath = () => Promise.reject(new Error('was asked for'))
    const files = [{ path, beneath }]
    expect(await establish({ syscalls, state: 'warm', files, settle: async () => undefined })).toBeNull()
  })

  test('is a file that a union keeps nothing of, but the layer beneath it all', async () => {
    const seen = { own: 0, beneath: PAGES }
    expect(await outcome('warm', [seen])).toEqual({ result: null, settled: 1 })
    expect((await outcome('warm', [{ ...seen, own: null }])).result).toBeNull()
  })

  test('is not a file that half fits into memory, after some attempts', async () => {
    const seen = [{ own: PAGES / 2 }]
    expect(await outcome('warm', seen)).toEqual({ result: 'cache.wrong', settled: 3 })
  })

  test('is not known of a file that cannot be looked at', async () => {
    expect((await outcome('warm', [{ own: null }])).result).toMatch(
      /1 of 1 files was not looked at: .*ENODEV/,
    )
  })
})

describe.skipIf(!isRoot)('cold', () => {
  test('is a file of which next to nothing is there', async () => {
    expect(await outcome('cold', [{ own: 10 }])).toEqual({ result: null, settled: 1 })
    expect((await outcome('cold', [{ own: 11 }])).result).toBe('cache.wrong')
  })

  test('is settled and dropped again where somebody had it read in between', async () => {
    expect(await outcome('cold', [{ own: PAGES }, { own: 0 }])).toEqual({ result: null, settled: 2 })
    expect(await outcome('cold', [{ own: PAGES }])).toEqual({ result: 'cache.wrong', settled: 3 })
  })

  test('is not a file whose layer beneath is cached', async () => {
    expect((await outcome('cold', [{ own: 0, beneath: PAGES }])).result).toBe('cache.wrong')
    expect((await outcome('cold', [{ own: null, beneath: PAGES }])).result).toBe('cache.wrong')
  })

  test('allows a whole file system beneath it some pages of other things', async () => {
    const disk = { own: 0, beneathPages: 100 * PAGES }
    expect((await outcome('cold', [{ ...disk, beneath: 10 + 32 }])).result).toBeNull()
    expect((await outcome('cold', [{ ...disk, beneath: 10 + 33 }])).result).toBe('cache.wrong')
  })

  test('is not known of a file that cannot be looked at', async () => {
    expect((await outcome('cold', [{ own: null, beneath: 0 }])).result).toMatch(/not looked at/)
  })
})

describe('a cache that cannot be looked into', () => {
  const FILE = 4 * PAGE

  /** `reads`: what the device has read each time it is asked. */
  async function outcomeOf(state: CacheTarget['state'], reads: readonly number[]) {
    using folder = diskFolder()
    const path = join(folder.path, 'file')
    writeFileSync(path, Buffer.alloc(FILE))
    const log: string[] = []
    let asked = 0
    const target: CacheTarget = {
      syscalls: { residentPages: () => ({ resident: 0, total: FILE / PAGE }) },
      state,
      files: [{ path, beneath: () => Promise.resolve([]) }],
      settle: async () => void log.push('settle'),
      hidden: {
        forget: async () => void log.push('forget'),
        bytesRead: () => reads[(asked += 1) - 1] ?? 0,
      },
    }
    const result = await establish(target).catch((error: unknown) => (error as { code: string }).code)
    return { result, log }
  }

  test.skipIf(!isRoot)('is made cold by forgetting, after what is dirty was written', async () => {
    expect(await outcomeOf('cold', [])).toEqual({ result: null, log: ['settle', 'forget'] })
  })

  test('is warm when the device reads nothing for a second reading', async () => {
    expect(await outcomeOf('warm', [100, 100])).toEqual({ result: null, log: ['settle'] })
  })

  test('is read again when it did not keep it, and given up in the end', async () => {
    expect((await outcomeOf('warm', [0, FILE, FILE, FILE])).result).toBeNull()
    const given = await outcomeOf('warm', [0, FILE, FILE, 2 * FILE, 2 * FILE, 3 * FILE])
    expect(given).toEqual({ result: 'cache.wrong', log: ['settle', 'settle', 'settle'] })
  })
})
