import { readFileSync } from 'node:fs'
import path from 'node:path'
import { packageFolder } from './package-folder.ts'

/** The version of this package. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(packageFolder(), 'package.json'), 'utf8')) as {
    version: string
  }
  return version
}
