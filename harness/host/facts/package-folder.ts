import { existsSync } from 'node:fs'
import path from 'node:path'

/** Where this package lies: its package.json is above, nearer for the sources than for `dist`. */
export function packageFolder(): string {
  let folder = import.meta.dirname
  while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder)
  return folder
}

/** What installs what a host lacks. A bundle has no set-up of its own: its host is made ready by the controller. */
export function setUpCommand(folder: string = packageFolder()): string {
  return existsSync(path.join(folder, 'setup')) ? 'npm run setup' : 'bench host provision'
}
