/** Folder and version of this package, and the command that sets a host up for it. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** Returns the folder of the package.json above this file, nearer for the sources than for `dist`. */
export function packageFolder(): string {
  let folder = import.meta.dirname
  while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder)
  return folder
}

export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(packageFolder(), 'package.json'), 'utf8')) as {
    version: string
  }
  return version
}

/** Returns the command that installs what a host lacks. A bundle has no set-up of its own: the controller provisions its host. */
export function setUpCommand(folder: string = packageFolder()): string {
  return existsSync(path.join(folder, 'setup')) ? 'npm run setup' : 'bench host provision'
}
