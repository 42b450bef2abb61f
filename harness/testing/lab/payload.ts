/** A disk with everything that a guest needs to run this repository's tests: sources, vitest's packages, and node. */
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from '../../contracts/host.ts'

/** The repository's root, from which tests are run. */
const ROOT = process.cwd()
const SOURCES = ['package.json', 'tsconfig.json', 'harness', 'drivers', 'scenarios']
const TEST_PACKAGES = ['vitest', 'fast-check']
const MEBIBYTE = 1024 ** 2
/** Beside what the files hold: inode tables, and blocks that are not full. */
const ROOM = 64 * MEBIBYTE

/** Makes `folder`/payload, an ext4 image; returns its path. */
export async function makePayload(host: Pick<Host, 'run'>, folder: string): Promise<string> {
  const staging = join(folder, 'staging')
  const image = join(folder, 'payload')
  mkdirSync(join(staging, 'node_modules'), { recursive: true })
  for (const name of SOURCES) cpSync(join(ROOT, name), join(staging, name), { recursive: true })
  for (const name of neededPackages()) {
    const path = join('node_modules', name)
    cpSync(join(ROOT, path), join(staging, path), { recursive: true, verbatimSymlinks: true })
  }
  cpSync(process.execPath, join(staging, 'node'))
  const { stdout } = await host.run('du', ['--summarize', '--block-size=1', staging])
  const size = Math.ceil((Number.parseInt(stdout, 10) + ROOM) / MEBIBYTE)
  await host.run('mkfs.ext4', ['-q', '-O', '^has_journal', '-m', '0', '-d', staging, image, `${size}M`])
  return image
}

/** Returns the program's own dependencies and what runs its tests, with all that they depend on and that is installed. */
function neededPackages(): string[] {
  const { dependencies = {} } = manifest(ROOT)
  const needed = new Set<string>()
  const waiting = [...Object.keys(dependencies), ...TEST_PACKAGES]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const folder = join(ROOT, 'node_modules', name)
    if (needed.has(name) || !existsSync(folder)) continue
    needed.add(name)
    const own = manifest(folder)
    waiting.push(
      ...Object.keys({ ...own.dependencies, ...own.optionalDependencies, ...own.peerDependencies }),
    )
  }
  return [...needed]
}

interface Manifest {
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}
