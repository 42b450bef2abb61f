import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isRoot, inMountNamespace } from '../harness/linux/privilege.ts'

const REPOSITORY = path.resolve(import.meta.dirname, '..')
const STAMPS = '/var/lib/storage-driver-bench'
/** Programs that the script itself calls, without any package manager. */
const PROGRAMS =
  'bash cat cut dirname find flock head id mktemp node readlink rm sed sha256sum sort tail tr xargs'
const NOBODY = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups']

let programs: string
beforeEach(() => {
  programs = mkdtempSync(path.join(tmpdir(), 'bench-test-setup-'))
})
afterEach(() => {
  rmSync(programs, { recursive: true, force: true })
})

function run(command: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const [program = '', ...words] = command
  const { status, stdout, stderr } = spawnSync(program, words, { cwd: REPOSITORY, encoding: 'utf8', env })
  return { status, stdout, stderr }
}

/** Runs a command as on a machine that was never provisioned: with an empty folder in place of the stamps'. */
function runUnprovisioned(command: readonly string[]) {
  const script = `mount -t tmpfs none ${STAMPS} && exec "$@"`
  return run(inMountNamespace(['sh', '-c', script, 'sh', ...command]))
}

/** Returns a folder of the programs that the script itself calls. */
function onlyItsPrograms(): string {
  for (const program of PROGRAMS.split(' ')) {
    const found = run(['sh', '-c', `command -v ${program}`]).stdout.trim()
    symlinkSync(found, path.join(programs, program))
  }
  return programs
}

test('refuses an option that there is not', () => {
  expect(run(['./setup', '--with-test'])).toEqual({
    status: 2,
    stdout: '',
    stderr:
      'setup: unknown option --with-test; there are --with-lab, --with-engines, --with-tests and --host-only\n',
  })
})

describe.skipIf(!isRoot())('on a machine that is set up (needs root)', () => {
  beforeAll(() => {
    const { status, stderr } = run(['./setup', '--with-tests'])
    if (status !== 0) throw new Error(stderr)
  })

  test('says nothing, and starts no npm, no build and no package manager', () => {
    expect(run(['env', `PATH=${onlyItsPrograms()}`, 'bash', './setup'])).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    })
  })

  test('does the part that needs root by itself', () => {
    expect(runUnprovisioned([...NOBODY, './setup', '--host-only']).status).toBe(4)
    expect(run(['./setup', '--host-only'])).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  test('without root says in one line what to run', () => {
    expect(runUnprovisioned([...NOBODY, './setup', '--with-tests'])).toEqual({
      status: 4,
      stdout: '',
      stderr: `setup: the host's packages need root; run: sudo ${REPOSITORY}/setup --with-tests\n`,
    })
  })

  test('without a package manager that it knows says in one line what to install by hand', () => {
    const { status, stderr } = runUnprovisioned(['env', `PATH=${onlyItsPrograms()}`, 'bash', './setup'])
    expect(stderr).toMatch(
      /^setup: .*apt, dnf, pacman, zypper.* by hand ansible-core .*: fio mkfs\.ext4 .*modprobe .*mkfs\.erofs podman qemu-img .*zpool\n$/,
    )
    expect(status).toBe(4)
  })
})
