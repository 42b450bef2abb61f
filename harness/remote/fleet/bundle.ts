/**
 * The bundle: what a host needs to measure, in one archive. The built program, the packages that it needs while it runs, and
 * this process' own Node; nothing is downloaded or compiled on the host.
 */
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { BenchError, ExitCode } from '../../contracts/error.ts'
import { onUserPath } from '../../contracts/host-error.ts'
import { packageFolder } from '../../linux/package.ts'
import { bundleCache } from './controller-paths.ts'
import { productionPackages } from './production-packages.ts'
import { makeFolders } from '../../linux/make-folders.ts'

export interface Bundle {
  /** Hash of the contents: equal for equal files, wherever and whenever it is made. */
  hash: string
  /** Its archive: tar, gzip. */
  archive: string
}

/** The program in a bundle, and in the folder of the package. */
export const MAIN = 'dist/harness/main.js'
const KEPT_ARCHIVES = 3
const HASH_DIGITS = 16
/** Bytes read at once: Node itself has a hundred million. */
const CHUNK = 1 << 20

/** Makes the bundle of this program, or finds it in the cache: about a second where it is there. */
export async function makeBundle(
  root: string = packageFolder(),
  cache: string = bundleCache(),
  node: string = process.execPath,
): Promise<Bundle> {
  if (!existsSync(join(root, MAIN))) {
    throw new BenchError('bench is not built; remote hosts run the compiled program', {
      code: 'bundle.not-built',
      hint: 'npm run build',
      exitCode: ExitCode.hostNotReady,
    })
  }
  makeFolders(cache)
  const staging = stage(root, cache, node)
  try {
    const files = filesBelow(staging)
    const hash = hashOf(staging, files)
    const archive = join(cache, `${hash}.tar.gz`)
    if (existsSync(archive)) utimesSync(archive, new Date(), new Date())
    else await pack(staging, files, archive)
    removeOldArchives(cache)
    return { hash, archive }
  } finally {
    rmSync(staging, { recursive: true })
  }
}

/** A folder laid out as the bundle will be, of links to where things are. */
function stage(root: string, cache: string, node: string): string {
  const staging = onUserPath(() => mkdtempSync(join(cache, '.staging-')))
  symlinkSync(node, join(staging, 'node'))
  for (const path of ['package.json', 'dist', ...productionPackages(root)]) {
    const link = join(staging, path)
    // One that lies in the folder of another came with it.
    if (existsSync(link)) continue
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(root, path), link)
  }
  return staging
}

/** Files of the build, of npm (.tsbuildinfo, .bin) and for developers: none of them is needed to run the program. */
const NOT_TO_RUN = /^\.|\.d\.[cm]?ts$|\.map$/

/** Relative paths, sorted. */
function filesBelow(folder: string, below = ''): string[] {
  return readdirSync(join(folder, below))
    .filter((name) => !NOT_TO_RUN.test(name))
    .flatMap((name) => {
      const path = join(below, name)
      return statSync(join(folder, path)).isDirectory() ? filesBelow(folder, path) : [path]
    })
    .toSorted()
}

function hashOf(folder: string, files: readonly string[]): string {
  const all = createHash('sha256')
  const chunk = Buffer.allocUnsafe(CHUNK)
  for (const path of files) {
    const { mode, size } = statSync(join(folder, path))
    all.update(JSON.stringify([path, (mode & 0o100) !== 0, size]))
    const fd = openSync(join(folder, path), 'r')
    for (let count = -1; count !== 0;) {
      count = readSync(fd, chunk)
      all.update(chunk.subarray(0, count))
    }
    closeSync(fd)
  }
  return all.digest('hex').slice(0, HASH_DIGITS)
}

/** Quick rather than small: it is packed once, and unpacked on machines that may be slow. */
const COMPRESS = '--use-compress-program=gzip -1'

async function pack(folder: string, files: readonly string[], archive: string): Promise<void> {
  const packing = onUserPath(() => mkdtempSync(join(dirname(archive), '.packing-')))
  const unfinished = join(packing, 'archive')
  const args = [
    '--create',
    COMPRESS,
    '--dereference',
    '--owner=0',
    '--group=0',
    '--numeric-owner',
    '--mode=u=rwX,go=rX',
    '--mtime=@0',
    `--file=${unfinished}`,
    `--directory=${folder}`,
    '--null',
    '--files-from=-',
  ]
  try {
    await execa('tar', args, { input: files.join('\0') })
    renameSync(unfinished, archive)
  } catch (cause) {
    throw new BenchError('the bundle could not be packed', {
      code: 'bundle.pack',
      hint: 'it needs GNU tar and gzip',
      exitCode: ExitCode.hostNotReady,
      cause,
    })
  } finally {
    rmSync(packing, { recursive: true })
  }
}

function removeOldArchives(cache: string): void {
  readdirSync(cache)
    .filter((name) => name.endsWith('.tar.gz'))
    .map((name) => ({ path: join(cache, name), at: statSync(join(cache, name)).mtimeMs }))
    .toSorted((a, b) => b.at - a.at)
    .slice(KEPT_ARCHIVES)
    .forEach(({ path }) => rmSync(path))
}
