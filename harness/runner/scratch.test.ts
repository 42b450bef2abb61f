import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Host, JournalEntry } from '../contracts/host.ts'
import { benchErrorOfAsync } from '../testing/errors.ts'
import { diskFolder, MIB, testHost } from '../testing/scratch-file.ts'
import { checkScratch, openScratch } from './scratch.ts'

const scratchIn = (path: string, size = 4 * MIB) => ({ kind: 'loop' as const, path, size })

/** This machine, with a journal that looks whether a thing is there when it is recorded and when it is forgotten. */
function journalling(log: string[]): Host {
  const look = (what: string) => (entry: JournalEntry) => {
    const there = 'path' in entry && existsSync(entry.path)
    log.push(`${what} ${entry.kind}, ${there ? 'there' : 'not there'}`)
  }
  return { ...testHost(), journal: { record: look('record'), forget: look('forget') } }
}

describe('loop files', () => {
  test('are of one size, allocated to the last block, for their owner alone', async () => {
    using folder = diskFolder()
    const drivers = ['overlay2@ext4', 'btrfs']
    const scratch = await openScratch(testHost(), scratchIn(folder.path), 'run-1', drivers)
    expect(Object.keys(scratch.slots)).toEqual(drivers)
    const paths = Object.values(scratch.slots).map(({ path }) => path)
    expect(new Set(paths).size).toBe(2)
    for (const path of paths) {
      const { size, blocks, mode } = statSync(path)
      expect(size).toBe(4 * MIB)
      expect(blocks * 512).toBeGreaterThanOrEqual(4 * MIB)
      expect(mode & 0o777).toBe(0o600)
    }
    await scratch.release()
    expect(existsSync(join(folder.path, 'run-1'))).toBe(false)
  })

  test('are in the journal before they are there, and out of it when they are gone', async () => {
    using folder = diskFolder()
    const log: string[] = []
    const host = journalling(log)
    const { release } = await openScratch(host, scratchIn(folder.path), 'run-1', ['vfs'])
    expect(log).toEqual(['record directory, not there', 'record loop, not there'])
    await release()
    expect(log.slice(2)).toEqual(['forget directory, not there', 'forget loop, not there'])
  })

  test('are not made where they do not fit: nothing is, and nothing is in the journal', async () => {
    using folder = diskFolder()
    const log: string[] = []
    const huge = scratchIn(folder.path, 2 ** 50)
    const error = await benchErrorOfAsync(openScratch(journalling(log), huge, 'run-1', ['a', 'b']))
    expect(error).toMatchObject({ code: 'scratch.space', exitCode: 4 })
    expect(error.message).toContain('2 configurations of 1024T need 2048T')
    expect(log).toEqual([])
    expect(existsSync(join(folder.path, 'run-1'))).toBe(false)
  })
})

describe('a folder for scratch', () => {
  const refusal = (path: string, size?: number) =>
    benchErrorOfAsync(checkScratch(testHost(), scratchIn(path, size), null))

  test('need not be there yet, and is not made by looking', async () => {
    using folder = diskFolder()
    const path = join(folder.path, 'a/b/c')
    await checkScratch(testHost(), scratchIn(path), null)
    expect(existsSync(join(folder.path, 'a'))).toBe(false)
  })

  test('in memory is refused', async () => {
    expect(readFileSync('/proc/mounts', 'utf8')).toContain(' /dev/shm tmpfs ')
    expect(await refusal('/dev/shm/none/yet')).toMatchObject({ code: 'scratch.memory', exitCode: 2 })
  })

  test('that is a file is refused', async () => {
    expect(await refusal('/etc/passwd/x')).toMatchObject({ code: 'usage.scratch-kind', exitCode: 2 })
  })

  test('on a disk too small for a single configuration is refused', async () => {
    expect(await refusal('/var/tmp', 2 ** 50)).toMatchObject({ code: 'scratch.space', exitCode: 4 })
  })
})
