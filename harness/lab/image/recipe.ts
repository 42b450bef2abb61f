/** Contents of an image, and the hash that tells whether two images have the same contents. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { usageError } from '../../contracts/error.ts'
import { DRIVER_PACKAGES_FILE, HOST_PACKAGES_FILE, LAB_FILES, readTree, RECIPE_FILE } from './files.ts'
import { FLAVOURS, type Flavour, type LabKind } from './types.ts'

const names = z.array(z.string().min(1))

const flavourSchema = z.strictObject({
  suite: z.string(),
  kernel: z.string(),
  /** Where the kernel comes from another suite than the root. */
  kernel_suite: z.string().optional(),
  zfs: z.boolean().default(false),
  engines: z.boolean().default(false),
})

const recipeSchema = z.strictObject({
  revision: z.int().positive(),
  root_size: z.string(),
  packages: names,
  systemd_packages: names,
  zfs_packages: names,
  engines_packages: names,
  initrd_modules: names,
  modules_left_out: names,
  masked_units: names,
  engines_masked_units: names,
  flavours: z.record(z.enum(Object.keys(FLAVOURS) as [Flavour, ...Flavour[]]), flavourSchema),
})

const hostPackagesSchema = z.object({ host_packages: names, host_packages_maybe: names })
const driverPackagesSchema = z.object({
  drivers_needs: z.record(
    z.string(),
    z.object({
      programs: z
        .record(z.string(), z.object({ Debian: z.union([z.string(), names]).nullable() }))
        .default({}),
      when_asked: z.boolean().default(false),
    }),
  ),
  drivers_packages_maybe: z.object({ Debian: names }),
})

/** One flavour's part of the recipe. Lists whose order means nothing are sorted. */
export interface Recipe {
  flavour: Flavour
  kind: LabKind
  revision: number
  suite: string
  kernel: string
  kernelSuite: string
  zfs: boolean
  packages: readonly string[]
  /** Packages that some suites lack. */
  packagesMaybe: readonly string[]
  initrdModules: readonly string[]
  modulesLeftOut: readonly string[]
  maskedUnits: readonly string[]
  /** As mkfs.ext4 takes it. */
  rootSize: string
}

/** @throws BenchError — no such flavour, or one for another kind of machine. */
export function knownFlavour(flavour: string, kind: LabKind): Flavour {
  const fitting = Object.entries(FLAVOURS).filter(([, its]) => its === kind)
  const list = fitting.map(([name]) => name).join(', ')
  if (!Object.hasOwn(FLAVOURS, flavour))
    throw usageError('unknown-flavour', `there is no flavour "${flavour}" of lab machines`, `use ${list}`)
  const known = flavour as Flavour
  if (FLAVOURS[known] !== kind)
    throw usageError('wrong-flavour', `flavour ${flavour} is not of --kind ${kind}`, `use ${list}`)
  return known
}

/** Reads the recipe of a flavour from the repository's files. */
export function readRecipe(flavour: Flavour): Recipe {
  const recipe = recipeSchema.parse(readYaml(RECIPE_FILE))
  const provisioned = provisionedPackages()
  const { suite, kernel, kernel_suite, zfs, engines } = recipe.flavours[flavour]
  const kind = FLAVOURS[flavour]
  return {
    flavour,
    kind,
    revision: recipe.revision,
    suite,
    kernel,
    kernelSuite: kernel_suite ?? suite,
    zfs,
    packages: sorted([
      ...provisioned.packages,
      ...recipe.packages,
      ...(kind === 'qemu' ? recipe.systemd_packages : []),
      ...(zfs ? recipe.zfs_packages : []),
      ...(engines ? recipe.engines_packages : []),
    ]),
    packagesMaybe: sorted(provisioned.maybe),
    initrdModules: recipe.initrd_modules,
    modulesLeftOut: sorted(recipe.modules_left_out),
    maskedUnits: sorted([...recipe.masked_units, ...(engines ? recipe.engines_masked_units : [])]),
    rootSize: recipe.root_size,
  }
}

/** Returns what the roles install on a host of Debian; what they install only when asked is a matter of the flavour. */
function provisionedPackages(): { packages: string[]; maybe: string[] } {
  const host = hostPackagesSchema.parse(readYaml(HOST_PACKAGES_FILE))
  const drivers = driverPackagesSchema.parse(readYaml(DRIVER_PACKAGES_FILE))
  const maybe = [...host.host_packages_maybe, ...drivers.drivers_packages_maybe.Debian]
  const programs = Object.values(drivers.drivers_needs)
    .filter((driver) => !driver.when_asked)
    .flatMap((driver) => Object.values(driver.programs))
  const all = [...host.host_packages, ...programs.flatMap(({ Debian }) => Debian ?? [])]
  return { packages: all.filter((name) => !maybe.includes(name)), maybe }
}

function readYaml(file: string): unknown {
  return parse(readFileSync(file, 'utf8'))
}

/** Returns the files that take part in a build, beside the recipe. */
export function buildFiles(): ReturnType<typeof readTree> {
  const { 'recipe.yml': _, ...files } = readTree(LAB_FILES)
  return files
}

/** Returns the name that the image of a recipe has in the cache. */
export function imageName(recipe: Recipe): string {
  return hashOf(recipe, buildFiles())
}

/** 16 hexadecimal digits: enough that no two recipes of a cache share them, short enough for a path. */
export function hashOf(...parts: readonly unknown[]): string {
  return createHash('sha256').update(canonical(parts)).digest('hex').slice(0, 16)
}

/** JSON with the keys of each object in order, so that equal values are equal texts. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}

function sorted(list: readonly string[]): string[] {
  return [...new Set(list)].sort()
}
