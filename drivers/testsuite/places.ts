/** Places of a driver outside its folder and the registry: its docs page, its row, its key in Ansible's list. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { folderOf, type DriverMeta } from '../../harness/contracts/driver.ts'
import type { Needs } from '../../harness/contracts/needs.ts'
import { BACKING_NEEDS } from '../../harness/linux/needs.ts'

const REPOSITORY = resolve(import.meta.dirname, '../..')
const TABLE = 'docs/drivers/README.md'
const LIST = 'ansible/roles/drivers/vars/main.yml'
const HOST_LIST = 'ansible/roles/host/vars/main.yml'
const FAMILIES = ['Archlinux', 'Debian', 'RedHat', 'Suse']

const packagesSchema = z.union([z.string(), z.array(z.string()), z.null()])
const entrySchema = z.strictObject({
  modules: z.array(z.string()).default([]),
  programs: z.record(z.string(), z.record(z.string(), packagesSchema)).default({}),
  when_asked: z.literal(true).optional(),
})
const listSchema = z.object({ drivers_needs: z.record(z.string(), entrySchema) })
const hostListSchema = z.object({
  host_programs_required: z.array(z.string()),
  host_programs_optional: z.array(z.string()),
})

type Entry = z.infer<typeof entrySchema>
/** Ansible's list by driver. */
export type AnsibleList = Readonly<Record<string, Entry>>

export function readAnsibleList(): AnsibleList {
  return listSchema.parse(readYaml(LIST)).drivers_needs
}

/** Returns a sentence for each place that was forgotten; empty when the driver is whole. */
export function forgottenPlaces(
  { id, engine, needs, backings }: Pick<DriverMeta, 'id' | 'engine' | 'needs' | 'backings'>,
  list: AnsibleList = readAnsibleList(),
): string[] {
  const folder = folderOf({ id, ...(engine === undefined ? {} : { engine }) })
  return [
    ...forgottenDocs(folder),
    ...(list[folder] === undefined
      ? [`${LIST} has no key ${folder}`]
      : forgottenNeeds(folder, needs, list[folder])),
    ...backings.flatMap((backing) => forgottenBacking(BACKING_NEEDS[backing], list)),
  ]
}

/** Returns a sentence for each key of Ansible's list that is no driver's, and each family that a program leaves out. */
export function staleEntries(list: AnsibleList, ids: readonly string[]): string[] {
  return Object.entries(list).flatMap(([id, { programs }]) => [
    ...(ids.includes(id) ? [] : [`${LIST} has the key ${id}, and there is no such driver`]),
    ...Object.entries(programs).flatMap(([program, packages]) =>
      FAMILIES.filter((family) => packages[family] === undefined).map(
        (family) => `${LIST} names no package for ${program} of ${id} in the family ${family}`,
      ),
    ),
  ])
}

/** Returns a sentence for each folder of a driver that the registry lacks. */
export function unregistered(ids: readonly string[]): string[] {
  return readdirSync(join(REPOSITORY, 'drivers'))
    .filter((name) => existsSync(join(REPOSITORY, 'drivers', name, 'index.ts')) && !ids.includes(name))
    .map((name) => `drivers/index.ts has no entry for drivers/${name}`)
}

function forgottenDocs(id: string): string[] {
  const page = `docs/drivers/${id}.md`
  const row = `\n| [\`${id}\`](${id}.md)`
  return [
    ...(existsSync(join(REPOSITORY, page)) ? [] : [`${page} is missing`]),
    ...(read(TABLE).includes(row) ? [] : [`${TABLE} has no row for ${id}`]),
  ]
}

/** Checks that the driver's own needs are under its own key, so that its tag installs all of them. */
function forgottenNeeds(id: string, needs: DriverMeta['needs'], entry: Entry): string[] {
  const shared = hostPrograms()
  return [needs, ...Object.values(needs.options ?? {})].flatMap((part) => [
    ...modulesOf(part)
      .filter((module) => !entry.modules.includes(module) && !backingModules().includes(module))
      .map((module) => `${LIST} has no module ${module} under ${id}`),
    ...programsOf(part)
      .filter((program) => entry.programs[program] === undefined && !shared.includes(program))
      .map((program) => `${LIST} has no program ${program} under ${id}`),
  ])
}

/** Checks that the needs of a backing are under some key. */
function forgottenBacking(needs: Needs, list: AnsibleList): string[] {
  const entries = Object.values(list)
  const shared = hostPrograms()
  return [
    ...modulesOf(needs)
      .filter((module) => !entries.some(({ modules }) => modules.includes(module)))
      .map((module) => `${LIST} has no module ${module}`),
    ...programsOf(needs)
      .filter((name) => !shared.includes(name) && !entries.some(({ programs }) => programs[name]))
      .map((program) => `${LIST} has no program ${program}`),
  ]
}

/** A file system's module has the file system's name; the kernel writes an underscore for a hyphen. */
function modulesOf({ modules = [], filesystems = [] }: Needs): string[] {
  return [...modules, ...filesystems].map((name) => name.replaceAll('-', '_'))
}

function programsOf({ programs = [] }: Needs): string[] {
  return programs.map(({ name }) => name)
}

function backingModules(): string[] {
  return Object.values(BACKING_NEEDS).flatMap(modulesOf)
}

/** Programs that the role `host` installs whatever the driver. */
function hostPrograms(): string[] {
  const { host_programs_required, host_programs_optional } = hostListSchema.parse(readYaml(HOST_LIST))
  return [...host_programs_required, ...host_programs_optional]
}

function readYaml(file: string): unknown {
  return parse(read(file))
}

function read(file: string): string {
  return readFileSync(join(REPOSITORY, file), 'utf8')
}
