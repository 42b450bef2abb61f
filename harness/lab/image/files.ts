/** The files of the repository that images are made of. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { packageFolder } from '../../linux/package.ts'

const ANSIBLE = join(packageFolder(), 'ansible')

/** Recipe, build scripts and the guest's files. */
export const LAB_FILES = join(ANSIBLE, 'lab')
/** Mounts the root disk of a machine. */
export const LAB_INIT = join(LAB_FILES, 'initrd/init')
export const RECIPE_FILE = join(LAB_FILES, 'recipe.yml')
/** The package lists of the roles that provision hosts: a guest has the same. */
export const HOST_PACKAGES_FILE = join(ANSIBLE, 'roles/host/vars/Debian.yml')
export const DRIVER_PACKAGES_FILE = join(ANSIBLE, 'roles/drivers/vars/main.yml')

export const buildScript = (name: string): string => join(LAB_FILES, 'build', name)

/** Returns every file below a folder by its path in there: its bytes, and whether it can be executed. */
export function readTree(folder: string): Record<string, { text: string; executable: boolean }> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return Object.fromEntries(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [
        relative(folder, path),
        { text: readFileSync(path, 'utf8'), executable: (statSync(path).mode & 0o111) !== 0 },
      ]),
  )
}
