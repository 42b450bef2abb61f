import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as Esbuild from 'esbuild'

/**
 * Joins the modules of `client/` below `folder` to one classic script. By esbuild, which is there where bench is built and
 * not where it runs; so it is loaded here alone. Throws what does not compile.
 */
export function bundleClient(folder: string): string {
  const { buildSync } = createRequire(import.meta.url)('esbuild') as typeof Esbuild
  const { outputFiles } = buildSync({
    // The script names its modules, by paths from here.
    absWorkingDir: folder,
    entryPoints: [join(folder, 'client/main.ts')],
    bundle: true,
    format: 'iife',
    // Browsers of 2022 and later.
    target: 'es2022',
    charset: 'utf8',
    write: false,
  })
  return outputFiles.map(({ text }) => text).join('')
}
