/** A program that is installed and cannot be started is broken: it fails, in one line, and is not taken for one that is missing. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readRun } from '../results/run-folder.ts'
import { isRoot } from '../testing/scratch-file.ts'
import { makePlace, PROGRAM, smallestRun, surroundings, treeOf, type Place } from './testing/bench.ts'

/** Runs `bench` in a mount namespace in which the program's file is not executable. */
function benchWithLocked(place: Place, program: string, words: readonly string[]) {
  const locked = place.at('locked')
  writeFileSync(locked, '#!/bin/sh\n', { mode: 0o644 })
  const script = `mount --bind "$0" "$(PATH=$PATH:/usr/sbin:/sbin command -v ${program})" && exec "$@"`
  const bench = [process.execPath, PROGRAM, ...words]
  const { status, stdout, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', script, locked, ...bench], {
    encoding: 'utf8',
    timeout: 90_000,
    env: { ...process.env, ...surroundings(place) },
  })
  return { status, stdout, stderr }
}

describe.skipIf(!isRoot)('a program that is not executable', () => {
  test('makes a run fail, and is not unsupported', () => {
    using place = makePlace()
    const words = smallestRun(place, 'bare', '--scratch', place.scratch, '--rounds', '1')
    expect(benchWithLocked(place, 'mkfs.ext4', words).status).toBe(5)
    const [name = ''] = treeOf(place.output)
    const { outcomes } = readRun(join(place.output, name)).run
    expect(Object.values(outcomes)).toEqual([
      expect.objectContaining({
        state: 'failed',
        code: 'host.not-started',
        reason: expect.stringMatching(/\/mkfs\.ext4 cannot be started: it is not executable$/) as string,
      }),
    ])
  })

  test.each(['list drivers', 'doctor'])('is named in one line by bench %s', (words) => {
    using place = makePlace()
    const { status, stdout, stderr } = benchWithLocked(place, 'unshare', words.split(' '))
    expect({ status, stdout }).toEqual({ status: 4, stdout: '' })
    expect(stderr).toMatch(/^bench: \/\S*\/unshare cannot be started: it is not executable: [^\n]+\n$/)
  })
})
