/**
 * oxlint plugin: the harness names no driver. What differs between drivers comes from their `meta`; a name in a string of
 * the harness is a table that goes stale, or code that behaves otherwise for one of them.
 */
import { readdirSync } from 'node:fs'
import path from 'node:path'

const SHARED = ['common', 'testsuite']

/** Drivers are called as their folders. */
export const DRIVERS = readdirSync(path.resolve(import.meta.dirname, '../drivers'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !SHARED.includes(entry.name))
  .map(({ name }) => name)

const EXAMPLE = 'an example for people, in the notation of configurations'
const BACKING = 'a file system that drivers stand on, whichever they are'
const MODULE = 'a kernel module that the lab compiles for its images'
const FORMAT = 'the name of a format of images'
const PLAN = 'the text of a plan that is measured as given, by a composition root'

/** Files that may name a driver, which ones, and why. */
export const ALLOWED = {
  'harness/contracts/driver.ts': { names: ['btrfs', 'zfs'], why: BACKING },
  'harness/linux/needs.ts': { names: ['btrfs', 'zfs'], why: BACKING },
  'harness/host/checks/storage.ts': { names: ['btrfs'], why: BACKING },
  'harness/host/facts/virtualization.ts': { names: ['bare'], why: 'the word: bare metal' },
  'harness/cli/program.ts': { names: ['btrfs', 'overlay2'], why: EXAMPLE },
  'harness/contracts/image.ts': { names: ['docker'], why: FORMAT },
  'harness/cli/commands/request-options.ts': { names: ['docker', 'overlay2'], why: `${EXAMPLE}; ${FORMAT}` },
  'harness/contracts/cell.ts': { names: ['overlay2'], why: EXAMPLE },
  'harness/plan/configuration.ts': { names: ['overlay2'], why: EXAMPLE },
  'harness/plan/request.ts': { names: ['overlay2'], why: EXAMPLE },
  'harness/lab/image/recipe.ts': { names: ['zfs'], why: MODULE },
  'harness/lab/image/zfs.ts': { names: ['zfs'], why: MODULE },
  'harness/lab/prune.ts': { names: ['zfs'], why: MODULE },
  'harness/selftest/faults/input/cases.ts': { names: ['btrfs', 'overlay2'], why: EXAMPLE },
  'harness/selftest/faults/journals/hostile-entries.ts': {
    names: ['docker'],
    why: 'a cgroup that an engine of the host has',
  },
  'harness/selftest/faults/world.ts': { names: ['docker'], why: 'a cgroup that an engine of the host has' },
  'harness/selftest/faults/devices/try-devices.ts': { names: ['bare'], why: PLAN },
  'harness/selftest/faults/host/try-faults.ts': { names: ['bare'], why: PLAN },
  'harness/selftest/reference/plans.ts': { names: ['bare', 'btrfs', 'overlay2'], why: PLAN },
}

/** Returns the drivers that a text names. */
export function driversIn(text) {
  return DRIVERS.filter((name) => new RegExp(`(?<![\\w.-])${name}(?![\\w.-])`).test(text))
}

const drivers = {
  create(context) {
    const file = path.relative(context.cwd, context.filename).split(path.sep).join('/')
    if (!file.startsWith('harness/') || /\.test\.ts$|\/testing\//.test(file)) return {}
    const allowed = ALLOWED[file]?.names ?? []
    const check = (node, text) => {
      if (typeof text !== 'string' || /^\.\.?\//.test(text)) return
      for (const name of driversIn(text)) {
        if (allowed.includes(name)) continue
        const message = `the harness names no driver, and this is ${name}: take it from the driver's meta`
        context.report({ node, message })
      }
    }
    return {
      Literal: (node) => check(node, node.value),
      TemplateElement: (node) => check(node, node.value.cooked),
      Property: ({ key, computed }) => {
        if (!computed && key.type === 'Identifier') check(key, key.name)
      },
    }
  },
}

export default { meta: { name: 'names' }, rules: { drivers } }
