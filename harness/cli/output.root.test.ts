/** Standard output and standard error that fail while a command runs: a run goes on, and no output that is cut ends with 0. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { readRun } from '../results/run-folder.ts'
import { makePlace, PROGRAM, smallestRun, surroundings, treeOf, type Place } from './testing/bench.ts'

/** Runs a script of bash with `bench` in it, in a mount namespace of its own. */
function script(place: Place, text: string) {
  const bench = `bench() { "${process.execPath}" "${PROGRAM}" "$@"; }`
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    ['--mount', 'bash', '-c', `cd ${place.path}; ${bench}; ${text}`],
    { encoding: 'utf8', timeout: 90_000, env: { ...process.env, ...surroundings(place) } },
  )
  return { status, stdout, stderr }
}

/** Hides programs without which `list drivers` tries no driver: on an engine's backings it would start a daemon for each. */
const TRYING_NOTHING =
  'for name in mkfs.ext4 mkfs.xfs mkfs.btrfs containerd dockerd podman; do path=$(command -v $name) && mount --bind /dev/null "$path"; done'

const PLAN = 'plan --driver all --scenario all --json'

describe('a standard output that cannot be written whole', () => {
  test.each([
    PLAN,
    'list scenarios',
    'list drivers --json',
    'doctor --json',
    '--help',
    'run --help',
    '--version',
  ])('is an error of bench %s', (words) => {
    using place = makePlace()
    expect(script(place, `${TRYING_NOTHING}; bench ${words} > /dev/full`)).toEqual({
      status: 4,
      stdout: '',
      stderr:
        'bench: standard output is incomplete: ENOSPC: no space left on device, write: free space there, or write to another place\n',
    })
  })

  test('is found where the disk takes a part of it', () => {
    using place = makePlace()
    const full = `mkdir small; mount -t tmpfs -o size=4k tmpfs small; bench ${PLAN} > small/out; code=$?; wc -c < small/out; exit $code`
    const { status, stdout, stderr } = script(place, full)
    expect({ status, stdout }).toEqual({ status: 4, stdout: '4096\n' })
    expect(stderr).toContain('standard output is incomplete: ENOSPC')
  })

  test('does not hide a worse ending', () => {
    using place = makePlace()
    const { status, stderr } = script(place, 'bench plan --driver none > /dev/full')
    expect(status).toBe(2)
    expect(stderr).not.toContain('incomplete')
  })
})

test('a reader that has had enough is no error, also of the help', () => {
  using place = makePlace()
  for (const words of ['run --help', PLAN, 'list scenarios']) {
    expect(script(place, `set -o pipefail; bench ${words} | true`)).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    })
  }
})

/** Opens a terminal, starts the command with it as standard error, and closes the terminal after the first words. */
const WITH_TERMINAL_THAT_GOES = `
import os, pty, subprocess, sys
ours, theirs = pty.openpty()
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs, start_new_session=True)
os.close(theirs)
os.read(ours, 65536)
os.close(ours)
sys.exit(child.wait() % 256)
`

describe('progress that cannot be written', () => {
  const rounds = 4
  const run = (place: Place) =>
    smallestRun(place, 'bare', '--rounds', String(rounds), '--scratch', place.scratch)

  test.each([
    ['its file system is full', (words: string) => `bench ${words} 2> /dev/full`],
    [
      'its file system fills up meanwhile',
      (words: string) =>
        `mkdir small; mount -t tmpfs -o size=4k tmpfs small; head -c 4090 /dev/zero > small/log; bench ${words} 2>> small/log`,
    ],
    [
      'its reader has gone',
      (words: string) => `exec 3>&1; bench ${words} 2>&1 >&3 | true; exit \${PIPESTATUS[0]}`,
    ],
    [
      'its terminal has gone',
      (words: string) =>
        `python3 -c '${WITH_TERMINAL_THAT_GOES}' "${process.execPath}" "${PROGRAM}" ${words}`,
    ],
  ])('ends no run: %s', (_, command) => {
    using place = makePlace()
    const { status } = script(place, command(run(place).join(' ')))
    const [name = ''] = treeOf(place.output)
    const { run: made, samples } = readRun(join(place.output, name))
    expect({ status, state: made.state, samples: [...samples].length }).toEqual({
      status: 0,
      state: 'completed',
      samples: rounds,
    })
    expect(readFileSync(join(place.output, name, 'report.html'), 'utf8')).toContain('<html')
    expect(treeOf(place.scratch)).toEqual([])
  })
})

/** Runs the command with a terminal as standard error, and prints what was written there. */
const AT_TERMINAL = `
import fcntl, os, pty, struct, subprocess, sys, termios
ours, theirs = pty.openpty()
fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 160, 0, 0))
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs, start_new_session=True)
os.close(theirs)
try:
    while True: sys.stdout.buffer.write(os.read(ours, 65536))
except OSError: pass
sys.exit(child.wait() % 256)
`

test('a terminal shows how a run stands after its first round', () => {
  using place = makePlace()
  const words = smallestRun(place, 'overlay2', '--rounds', '2', '--scratch', place.scratch).join(' ')
  const { status, stdout } = script(
    place,
    `TERM=xterm python3 -c '${AT_TERMINAL}' "${process.execPath}" "${PROGRAM}" ${words}`,
  )
  const shown = stripVTControlCharacters(stdout)
  expect({ status, shown }).toEqual({
    status: 0,
    shown: expect.stringMatching(/round 1 {2}[^\n]*overlay2@ext4/) as string,
  })
  expect(shown).toMatch(/round 2 {2}[^\n]*, \d of 1 answers? known {2}/)
  expect(shown).not.toMatch(/round 1 {2}[^\n]*known/)
})
