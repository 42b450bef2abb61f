import { join, resolve } from 'node:path'

export const REPOSITORY = resolve(import.meta.dirname, '../../..')
/** The built program. */
export const PROGRAM = join(REPOSITORY, 'dist/harness/main.js')
