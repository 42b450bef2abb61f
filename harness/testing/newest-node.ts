/**
 * `npm run test:unit:newest`: the unit tests on the newest Node, or on the one of an argument (`-- 24`). Node is a package
 * of the npm registry; it is installed to a temporary folder. Root drops its privileges first: unit tests need none.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isRoot } from '../linux/privilege.ts'

const PACKAGE = `node-linux-${process.arch}`

function run(program: string, words: readonly string[], env = process.env): number {
  const { status, error } = spawnSync(program, words, { stdio: 'inherit', env })
  if (error !== undefined) throw error
  return status ?? 1
}

/** Returns words before a command that make it an ordinary user of root, where the kernel has user namespaces. */
function powerless(): readonly string[] {
  const words = ['--user', '--map-user=1000', '--map-group=1000']
  return isRoot() && spawnSync('unshare', [...words, 'true']).status === 0 ? ['unshare', ...words] : []
}

function runOn(version: string, words: readonly string[]): number {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-test-node-'))
  try {
    const quiet = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    const installed = run('npm', ['install', '--prefix', folder, ...quiet, `${PACKAGE}@${version}`])
    if (installed !== 0) return installed
    const bin = path.join(folder, 'node_modules', PACKAGE, 'bin')
    const [program, ...rest] = [...powerless(), path.join(bin, 'node')]
    // A test that starts `node` gets this one, too.
    const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` }
    run(path.join(bin, 'node'), ['--version'])
    return run(
      program,
      [...rest, '--import', 'tsx', 'harness/testing/all.ts', '--project', 'unit', ...words],
      env,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const [version = 'latest', ...words] = process.argv.slice(2)
process.exitCode = runOn(version, words)
