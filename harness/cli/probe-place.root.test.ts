/** Drivers are tried where they are measured: the folder for temporary files says nothing about them. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readRun } from '../results/run-folder.ts'
import { isRoot } from '../testing/scratch-file.ts'
import { makePlace, PROGRAM, smallestRun, surroundings, type Place } from './testing/bench.ts'

const PROBED = ['bare@ext4', 'overlay2@ext4', 'erofs@ext4', 'fuse-overlayfs@ext4']

/** Runs bash in a mount namespace of its own, in the place, with the command as its arguments. */
function inShell(place: Place, script: string, command: readonly string[]) {
  const words = ['--mount', 'bash', '-c', `cd "${place.path}"; ${script}`, 'bash', process.execPath, PROGRAM]
  const { status, stderr } = spawnSync('unshare', [...words, ...command], {
    encoding: 'utf8',
    timeout: 90_000,
    env: { ...process.env, ...surroundings(place) },
  })
  return { status, stderr }
}

describe.skipIf(!isRoot)('a driver works wherever temporary files lie:', () => {
  test.each([
    ['in a folder whose name mount options are split at', 'mkdir "a:b,c"; TMPDIR="$PWD/a:b,c" "$@"'],
    ['in a small memory', 'mkdir small; mount -t tmpfs -o size=1m tmpfs small; TMPDIR=$PWD/small "$@"'],
    ['nowhere', 'TMPDIR=/nonexistent "$@"'],
  ])('%s', (_, script) => {
    using place = makePlace()
    const command = smallestRun(
      place,
      PROBED.join(','),
      '--rounds',
      '1',
      '--scratch',
      join(place.path, 'c:d,e'),
    )
    const { status, stderr } = inShell(place, script, command)
    expect(status, stderr).toBe(0)
    const [name = ''] = readdirSync(place.output)
    const { run } = readRun(join(place.output, name))
    const states = run.cells.map(({ id, configuration }) => [configuration, run.outcomes[id]?.state])
    expect(Object.fromEntries(states)).toMatchObject(
      Object.fromEntries(PROBED.map((configuration) => [configuration, 'completed'])),
    )
    expect(readdirSync(place.path).filter((each) => each.includes('probe'))).toEqual([])
  })
})
