import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { isRoot } from '../harness/linux/privilege.ts'
import { ANSIBLE, evaluate, extraVars, flat, playbook, recap } from './testing/playbook.ts'

const ROLES = path.join(ANSIBLE, 'roles')
const FAMILIES = ['Archlinux', 'Debian', 'RedHat', 'Suse']
const PROVISION = 'provision.yml'

const folder = mkdtempSync(path.join(tmpdir(), 'bench-test-provision-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

interface Spec {
  short_description: string
  options: Record<string, { default?: unknown; required?: boolean; description?: unknown }>
}

function readYaml(...names: string[]): Record<string, unknown> {
  return parse(readFileSync(path.join(ROLES, ...names), 'utf8')) as Record<string, unknown>
}

describe.each(readdirSync(ROLES))('the role %s', (role) => {
  const specs = readYaml(role, 'meta/argument_specs.yml')['argument_specs'] as Record<string, Spec>
  const options = Object.assign({}, ...Object.values(specs).map((spec) => spec.options)) as Spec['options']
  const defaults = readYaml(role, 'defaults/main.yml')

  test('declares and describes every input', () => {
    const optional = Object.entries(options).filter(([, { required }]) => required !== true)
    expect(optional.map(([name]) => name).toSorted()).toEqual(Object.keys(defaults).toSorted())
    for (const [name, { description }] of Object.entries(options)) expect(description, name).toBeDefined()
  })

  test('has the defaults that it declares', () => {
    const declared = Object.entries(options).filter(([, spec]) => 'default' in spec)
    expect(Object.fromEntries(declared.map(([name, spec]) => [name, spec.default]))).toEqual(
      Object.fromEntries(declared.map(([name]) => [name, defaults[name]])),
    )
  })

  test('gives each task file that it imports a tag of its name', () => {
    const imports = readFileSync(path.join(ROLES, role, 'tasks/main.yml'), 'utf8')
    for (const [, file] of imports.matchAll(
      /import_tasks: (\w+)\.yml\n(?: {2}when: .*\n)? {2}tags: (?!always)/g,
    )) {
      expect(imports).toMatch(new RegExp(`import_tasks: ${file}\\.yml\\n(  when: .*\\n)?  tags: ${file}\\n`))
    }
  })
})

describe('the package lists', () => {
  test('of the host are there for each family, and all alike', () => {
    const files = readdirSync(path.join(ROLES, 'host/vars')).toSorted()
    expect(files).toEqual([...FAMILIES.map((family) => `${family}.yml`), 'main.yml'])
    const [first, ...others] = FAMILIES.map((family) => Object.keys(readYaml('host', `vars/${family}.yml`)))
    for (const keys of others) expect(keys).toEqual(first)
  })

  test.each([
    ['Archlinux', 'btrfs-progs qemu-img', 'unionfs-fuse'],
    ['Debian', 'btrfs-progs qemu-system-common qemu-utils', 'unionfs-fuse'],
    ['RedHat', 'qemu-img', 'btrfs-progs unionfs-fuse'],
    ['Suse', 'btrfsprogs qemu-img', 'qemu-tools unionfs-fuse'],
  ])('of the drivers give each family its own packages: %s', (family, wanted, maybe) => {
    const chosen = { drivers_family: family, drivers_chosen: ['blockcow', 'btrfs', 'unionfs-fuse', 'zfs'] }
    const rare = 'drivers_packages_maybe[drivers_family]'
    const lists = ['difference', 'intersect'].map((filter) => `drivers_wanted | ${filter}(${rare}) | sort`)
    expect(evaluate('drivers', `[${lists.join(', ')}]`, chosen)).toEqual([
      [...wanted.split(' '), 'fuse3'].toSorted(),
      maybe.split(' '),
    ])
  })

  test('of the engines are there where they are asked for', () => {
    const chosen = { drivers_family: 'Debian', drivers_chosen: ['docker', 'podman'] }
    const wanted = (more: object) => evaluate('drivers', 'drivers_wanted | sort', { ...chosen, ...more })
    expect(wanted({ drivers_engines: false })).toEqual([])
    expect(wanted({ drivers_engines: true })).toEqual([
      'containerd',
      'containers-storage',
      'docker.io',
      'fuse-overlayfs',
      'podman',
    ])
  })

  test('hold what the harness cannot do without', () => {
    for (const family of FAMILIES) {
      const packages = readYaml('host', `vars/${family}.yml`)['host_packages']
      expect(packages, family).toEqual(expect.arrayContaining(['e2fsprogs', 'fio', 'util-linux', 'xfsprogs']))
    }
  })
})

describe('provision.yml', () => {
  test('names what to install by hand on a distribution that it does not know', () => {
    const played = playbook([PROVISION, ...extraVars({ host_family: 'Plan9' }), '--tags', 'packages'])
    expect(played.status).not.toBe(0)
    expect(flat(played)).toMatch(
      /\(Plan9\)\. Install these programs by hand: fio mkfs\.ext4 mkfs\.xfs .*mkfs\.btrfs/,
    )
  })

  test('looks for what the lab and the tests need where they are asked for; the tests need the lab', () => {
    const asked = (variables: object) => evaluate('host', 'host_programs_asked_for', { ...variables })
    expect(asked({})).toEqual([])
    expect(asked({ host_with_lab: true })).toEqual(['qemu-system-x86_64', 'mmdebstrap'])
    expect(asked({ host_with_tests: true })).toEqual(expect.arrayContaining(['mmdebstrap', 'chromium']))
  })

  test('refuses an input of the wrong type', () => {
    const played = playbook([PROVISION, ...extraVars({ host_with_tests: 'perhaps' }), '--tags', 'packages'])
    expect(played.status).not.toBe(0)
    expect(played.stdout).toContain('host_with_tests')
  })

  test.skipIf(!isRoot())('changes nothing the second time (needs root)', () => {
    // On a machine that was set up, as `npm test` does, this is the second time already.
    let played = recap(playbook([PROVISION]))
    if (played['localhost']?.changed !== 0) played = recap(playbook([PROVISION]))
    expect(played).toEqual({ localhost: { changed: 0, failed: 0 } })
  })

  test.skipIf(!isRoot())('only says in check mode what it would do (needs root)', () => {
    const stamp = path.join(folder, 'stamps/host')
    const played = playbook([PROVISION, ...extraVars({ host_stamp: stamp }), '--tags', 'verify', '--check'])
    expect(recap(played)).toEqual({ localhost: { changed: 2, failed: 0 } })
    expect(existsSync(path.dirname(stamp))).toBe(false)
  })

  test('takes the drivers that its tags pick, and no other', () => {
    const chosen = (...words: string[]) => evaluate('drivers', 'drivers_chosen', {}, ...words)
    const all = chosen() as string[]
    expect(all).toEqual(expect.arrayContaining(['bare', 'devicemapper', 'zfs']))
    expect(chosen('--tags', 'btrfs,zfs')).toEqual(['btrfs', 'zfs'])
    expect(chosen('--tags', 'drivers', '--skip-tags', 'bare')).toEqual(all.filter((name) => name !== 'bare'))
    expect(chosen('--tags', 'verify')).toEqual([])
  })
})
