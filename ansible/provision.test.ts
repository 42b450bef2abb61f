import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const ROLE = path.join(import.meta.dirname, 'roles/host')
const FAMILIES = ['Archlinux', 'Debian', 'RedHat', 'Suse']

function readYaml(file: string): Record<string, unknown> {
  return parse(readFileSync(path.join(ROLE, file), 'utf8')) as Record<string, unknown>
}

function playbook(...words: string[]): { status: number | null; stdout: string } {
  return spawnSync('ansible-playbook', ['provision.yml', ...words], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  })
}

describe('the role host', () => {
  test('declares every input, with the default that it has', () => {
    const specs = readYaml('meta/argument_specs.yml')['argument_specs'] as {
      main: { options: Record<string, { default?: unknown; description?: unknown }> }
    }
    const { options } = specs.main
    expect(Object.fromEntries(Object.entries(options).map(([name, spec]) => [name, spec.default]))).toEqual(
      readYaml('defaults/main.yml'),
    )
    expect(Object.values(options).every(({ description }) => description !== undefined)).toBe(true)
  })

  test('has for each family the same lists and a way to install them', () => {
    const tasks = readdirSync(path.join(ROLE, 'tasks'))
    for (const family of FAMILIES) {
      const lists = readYaml(`vars/${family}.yml`)
      expect(Object.keys(lists).sort()).toEqual([
        'host_packages',
        'host_packages_maybe',
        'host_test_packages',
      ])
      expect(lists['host_packages'], family).toEqual(expect.arrayContaining(['e2fsprogs', 'fio', 'xfsprogs']))
      expect(tasks).toContain(`install-${family}.yml`)
    }
    expect(readdirSync(path.join(ROLE, 'vars')).sort()).toEqual([
      ...FAMILIES.map((family) => `${family}.yml`),
      'main.yml',
    ])
  })

  test('names what to install by hand on a distribution that it does not know', () => {
    const { status, stdout } = playbook('--extra-vars', 'host_os_family=Plan9', '--tags', 'packages')
    expect(status).not.toBe(0)
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /\(Plan9\)\. Install these programs by hand: fio mkfs\.ext4 mkfs\.xfs/,
    )
  })

  test('refuses an input of the wrong type', () => {
    const { status, stdout } = playbook('--extra-vars', '{"host_apt_lock_seconds": "soon"}')
    expect(status).not.toBe(0)
    expect(stdout).toContain('host_apt_lock_seconds')
  })

  test.skipIf(process.getuid?.() !== 0)('changes nothing the second time (needs root)', () => {
    const unchanged = /changed=0 .*failed=0/
    // On a machine that was set up, as `npm test` does, this is the second time already.
    let { stdout } = playbook()
    if (!unchanged.test(stdout)) ({ stdout } = playbook())
    expect(stdout).toMatch(unchanged)
  })

  test.skipIf(process.getuid?.() !== 0)('only says in check mode what it would do (needs root)', () => {
    const stamp = path.join(tmpdir(), `bench-test-stamp-${process.pid}`, 'host')
    const words = ['--extra-vars', JSON.stringify({ host_stamp: stamp }), '--tags', 'verify', '--check']
    expect(playbook(...words).stdout).toMatch(/changed=2 .*failed=0/)
    expect(existsSync(path.dirname(stamp))).toBe(false)
  })
})
