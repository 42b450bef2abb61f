import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { BenchError, ExitCode } from '../../contracts/error.ts'

interface Manifest {
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

/** Packages with nothing that runs; some list them as what they need. */
const TYPES = '@types/'

/**
 * Returns the folders of all packages that the one in `root` needs while it runs, relative to it and sorted: its
 * dependencies and theirs, as Node finds them. Of optional ones those that are installed, which npm does only where
 * they are for this platform. Throws when one is missing.
 */
export function productionPackages(root: string): string[] {
  const found = new Set<string>()
  const visit = (folder: string) => {
    const { dependencies = {}, optionalDependencies = {} } = manifestOf(folder)
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      if (name.startsWith(TYPES)) continue
      const path = findPackage(folder, root, name)
      if (path === null && !(name in optionalDependencies)) throw missing(name)
      if (path === null || found.has(path)) continue
      found.add(path)
      visit(path)
    }
  }
  visit(root)
  return [...found].map((path) => relative(root, path)).toSorted()
}

/** Finds a package in `node_modules` beside the package that needs it, or the nearest above, up to the root's own. */
function findPackage(from: string, root: string, name: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name)
    if (existsSync(join(path, 'package.json'))) return path
    if (folder === root) return null
  }
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

function missing(name: string): BenchError {
  return new BenchError(`the package ${name} is not installed`, {
    code: 'bundle.incomplete',
    hint: 'npm run setup installs it',
    exitCode: ExitCode.hostNotReady,
  })
}
