import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** The version of this package: its package.json lies above, nearer for the sources than for `dist`. */
export function packageVersion(): string {
  let folder = import.meta.dirname
  while (!existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder)
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    version: string
  }
  return version
}
