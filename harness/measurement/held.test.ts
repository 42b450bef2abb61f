import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { countHeld, type HeldFile } from './held.ts'

const PAGE = 4096
const PAGES = 4

/** A page cache by name: descriptors that name the same cache share its pages. */
class Cache {
  readonly resident = new Map<string, number>()
  readonly names = new Map<number, string>()
  /** Drops that are asked for before one works. */
  deaf = 0

  residentPages = (fd: number, length: number) => ({
    resident: this.resident.get(this.names.get(fd) ?? '') ?? 0,
    total: length / PAGE,
  })
  fadvise = (fd: number) => {
    if (this.deaf > 0) this.deaf -= 1
    else this.resident.set(this.names.get(fd) ?? '', 0)
  }
}

let home = ''
let cache = new Cache()
const open: number[] = []
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'bench-held-'))
  cache = new Cache()
})
afterEach(() => {
  for (const fd of open.splice(0)) closeSync(fd)
  rmSync(home, { recursive: true })
})

function held(name: string, pages = PAGES): HeldFile {
  const path = join(home, String(open.length))
  writeFileSync(path, '')
  truncateSync(path, PAGES * PAGE)
  const fd = openSync(path, 'r')
  open.push(fd)
  cache.names.set(fd, name)
  cache.resident.set(name, pages)
  return { fd, path, beneath: async () => [] }
}

const BYTES = PAGES * PAGE

describe('counted by container, page cache', () => {
  test('that is shared counts once', async () => {
    expect(await countHeld(cache, [[held('one')], [held('one')], [held('one')]])).toEqual([BYTES, 0, 0])
  })

  test('of a copy each counts each time', async () => {
    expect(await countHeld(cache, [[held('one')], [held('two')]])).toEqual([BYTES, BYTES])
  })

  test('that does not go at once is asked again', async () => {
    const groups = [[held('one')], [held('one')]]
    cache.deaf = 2
    expect(await countHeld(cache, groups)).toEqual([BYTES, 0])
  })

  test('that does not go at all is no count', async () => {
    const groups = [[held('one')]]
    cache.deaf = 3
    await expect(countHeld(cache, groups)).rejects.toMatchObject({ code: 'cache.wrong' })
  })

  test('that is not there any more is no count', async () => {
    await expect(countHeld(cache, [[held('one', PAGES - 1)]])).rejects.toMatchObject({ code: 'cache.wrong' })
  })
})
