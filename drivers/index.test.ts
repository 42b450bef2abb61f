/** The registry as a whole: what is read of every driver's `meta`, and what belongs to a driver outside its folder. */
import { describe, expect, test } from 'vitest'
import { folderOf } from '../harness/contracts/driver.ts'
import { checkDrivers } from '../harness/host/checks/drivers.ts'
import { readToolVersions } from '../harness/host/facts/tools.ts'
import { parseConfiguration, withoutEngine } from '../harness/plan/configuration.ts'
import { createFakeHost } from '../harness/testing/fake-host.ts'
import { drivers } from './index.ts'
import { forgottenPlaces, readAnsibleList, staleEntries, unregistered } from './testsuite/places.ts'

const metas = drivers.map(({ meta }) => meta)
const folders = [...new Set(metas.map(folderOf))]

test('every driver has a name of its own, and one of them is the control', () => {
  expect(new Set(metas.map(({ id }) => id)).size).toBe(drivers.length)
  expect(metas.filter(({ role }) => role === 'control')).toHaveLength(1)
})

test("the ids of an engine's drivers begin with its name, and what they are compared with is there", () => {
  for (const { id, engine, backings } of metas) {
    expect(id.includes(':')).toBe(engine !== undefined)
    expect(id).toMatch(new RegExp(`^${engine === undefined ? '' : `${engine.name}:`}[a-z0-9-]+$`))
    const configurations = backings.map((backing) => parseConfiguration(`${id}@${backing}`, drivers))
    const compared = configurations.map((configuration) => withoutEngine(configuration, drivers))
    expect(compared.map((other) => other?.driver.meta.engine)).toEqual(backings.map(() => undefined))
  }
})

test('bench doctor speaks of every driver', async () => {
  const checks = await checkDrivers(createFakeHost(), metas)
  const ids = checks.map(({ id }) => id)
  expect(ids).toEqual(expect.arrayContaining(metas.map(({ id }) => `driver.${id}`)))
})

test('every folder of a driver is in the registry', () => {
  expect(unregistered(folders)).toEqual([])
  expect(unregistered(folders.slice(1))).toEqual([`drivers/index.ts has no entry for drivers/${folders[0]}`])
})

test('the fingerprint lists the tools that it listed before, so that older runs stay comparable', async () => {
  const tools = await readToolVersions(createFakeHost({ run: () => '1.2' }), metas)
  const why =
    'a new program with a version belongs in this list; one that is gone makes older runs incomparable'
  expect(Object.keys(tools).toSorted(), why).toEqual([
    'containerd',
    'crun',
    'dockerd',
    'fio',
    'fuse-overlayfs',
    'mkfs.btrfs',
    'mkfs.erofs',
    'mkfs.ext4',
    'mkfs.xfs',
    'podman',
    'qemu-storage-daemon',
    'runc',
    'unionfs',
    'zfs',
    'zstd',
  ])
})

test('an option that needs more is named by a value that it has, and that is not its default', () => {
  for (const { id, needs } of metas) {
    for (const option of Object.keys(needs.options ?? {})) {
      expect(parseConfiguration(`${id}+${option}`, drivers).config.text).toMatch(`+${option}`)
    }
  }
})

describe('a driver outside its folder', () => {
  test.each(metas)('$id has its docs page, its row and its key in the list of Ansible', (meta) => {
    expect(forgottenPlaces(meta)).toEqual([])
  })

  test('no key of the list is left of a driver that is gone, and no family is left out', () => {
    expect(staleEntries(readAnsibleList(), folders)).toEqual([])
  })

  const toy = {
    id: 'toy',
    backings: ['btrfs'],
    needs: { filesystems: ['toyfs'], options: { 'mode=two': { programs: [{ name: 'mkfs.toy' }] } } },
  } as const

  test('each place that was forgotten is named', () => {
    const list = { toy: { modules: [], programs: {} } }
    expect(forgottenPlaces(toy, list)).toEqual([
      'docs/drivers/toy.md is missing',
      'docs/drivers/README.md has no row for toy',
      'ansible/roles/drivers/vars/main.yml has no module toyfs under toy',
      'ansible/roles/drivers/vars/main.yml has no program mkfs.toy under toy',
      'ansible/roles/drivers/vars/main.yml has no module btrfs',
      'ansible/roles/drivers/vars/main.yml has no program mkfs.btrfs',
    ])
    expect(forgottenPlaces(toy)).toContain('ansible/roles/drivers/vars/main.yml has no key toy')
  })

  test('the drivers of an engine share the page, the row and the key of the engine', () => {
    const engine = { name: 'toy', withoutEngine: () => null }
    expect(forgottenPlaces({ ...toy, id: 'toy:inner', engine })).toEqual(forgottenPlaces(toy))
  })

  test('a family of distributions that a program leaves out is named', () => {
    const toyPrograms = { 'mkfs.toy': { Archlinux: 'toy-utils', Debian: null, RedHat: ['toy', 'toy-libs'] } }
    expect(staleEntries({ toy: { modules: [], programs: toyPrograms } }, ['bare'])).toEqual([
      'ansible/roles/drivers/vars/main.yml has the key toy, and there is no such driver',
      'ansible/roles/drivers/vars/main.yml names no package for mkfs.toy of toy in the family Suse',
    ])
  })
})
