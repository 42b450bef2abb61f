/** An image of a flavour's root and a kernel of one's own. */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs'
import { copyFile, mkdir, realpath, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { usageError } from '../../contracts/error.ts'
import { onUserPath } from '../../contracts/host-error.ts'
import type { Host } from '../../contracts/host.ts'
import { writeImage } from './cached-image.ts'
import { LAB_INIT } from './files.ts'
import { makeInitrd } from '../../linux/guest/initrd.ts'
import { releaseOfKernel } from '../../linux/guest/kernel-release.ts'
import type { LabImage, OwnKernel } from './types.ts'

/** A kernel of one's own, looked at: what it is given as is there, and its parts belong together. */
export interface ExaminedKernel {
  kernel: string
  initrd: string | null
  release: string | null
  /** The folder `RELEASE` that holds modules.dep. */
  modules: string | null
  /** SHA-256 of all bytes. */
  digest: string
}

/** @throws BenchError — a file is missing, or the modules are of another kernel. */
export async function examineKernel(own: OwnKernel): Promise<ExaminedKernel> {
  for (const [option, path] of [
    ['--kernel', own.kernel],
    ['--initrd', own.initrd],
  ] as const) {
    if (path !== null && !(statSync(path, { throwIfNoEntry: false })?.isFile() ?? false))
      throw usageError('no-kernel', `${option} ${path}: no such file`)
  }
  const kernel = await realpath(own.kernel)
  const initrd = own.initrd === null ? null : await realpath(own.initrd)
  const modules = own.modules === null ? null : await modulesFolder(own.modules)
  const said = await onUserPath(() => releaseOfKernel(kernel))
  const release = modules === null ? said : basename(modules)
  if (said !== null && release !== said)
    throw usageError(
      'wrong-modules',
      `${own.kernel} is kernel ${said}, but the modules are for ${release}`,
      `give the folder ${said} as --modules`,
    )
  return {
    kernel,
    initrd,
    modules,
    release,
    digest: await onUserPath(() => digestOf([kernel, initrd, modules])),
  }
}

/** The modules folder in what was given: itself, the only one in it, or what `make modules_install` made in it. */
async function modulesFolder(given: string): Promise<string> {
  for (const folder of [given, join(given, 'lib/modules')]) {
    const inside = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
    const found = [folder, ...inside].filter((path) => existsSync(join(path, 'modules.dep')))
    const [first, ...more] = found
    if (first === undefined) continue
    if (more.length === 0) return realpath(first)
    throw usageError(
      'many-modules',
      `--modules ${given} contains modules of several kernels`,
      `give one of ${found.join(', ')}`,
    )
  }
  throw usageError(
    'no-modules',
    `--modules ${given} contains no modules.dep`,
    'give a folder like /lib/modules/RELEASE; depmod creates that file',
  )
}

async function digestOf(paths: readonly (string | null)[]): Promise<string> {
  const hash = createHash('sha256')
  for (const path of paths) {
    hash.update(`${path === null ? 'none' : basename(path)}\n`)
    if (path === null) continue
    for (const file of filesBelow(path)) {
      hash.update(`${file.slice(path.length)}\n`)
      for await (const piece of createReadStream(file)) hash.update(piece as Buffer)
    }
  }
  return hash.digest('hex')
}

function filesBelow(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

export interface OwnKernelBuild {
  /** Where the image's files go. */
  folder: string
  /** Whose root it has. */
  base: LabImage
  own: ExaminedKernel
  /** Modules that the tiny initrd loads when no initrd was given. */
  initrdModules: readonly string[]
}

/** Fills the folder. The root stays where it is. */
export async function buildOwnKernelImage(
  host: Pick<Host, 'run' | 'which'>,
  build: OwnKernelBuild,
): Promise<void> {
  const { folder, base, own } = build
  const kernel = join(folder, 'kernel')
  await copyFile(own.kernel, kernel)
  const staged = join(folder, 'staged')
  const modules = own.modules === null ? null : join(folder, 'modules.ext4')
  if (own.modules !== null && modules !== null) {
    await stageModules(host, own.modules, join(staged, 'lib/modules', basename(own.modules)))
    await makeModulesDisk(host, join(staged, 'lib/modules'), modules)
  }
  const initrd = await addInitrd(host, build, staged)
  await rm(staged, { recursive: true, force: true })
  await writeImage(folder, { ...base, kernel, kernelRelease: own.release, initrd, modules })
}

/** The one that was given, or a tiny one of the modules, which are in `staged`. */
async function addInitrd(
  host: Pick<Host, 'run' | 'which'>,
  { folder, base, own, initrdModules }: OwnKernelBuild,
  staged: string,
): Promise<string | null> {
  const file = join(folder, 'initrd')
  if (own.initrd !== null) {
    await copyFile(own.initrd, file)
    return file
  }
  // User-mode Linux has its drivers built in.
  if (own.modules === null || base.kind === 'uml') return null
  await makeInitrd(host, {
    root: staged,
    release: basename(own.modules),
    modules: initrdModules,
    init: LAB_INIT,
    scratch: join(folder, 'initrd.d'),
    file,
  })
  return file
}

/** Without `build` and `source`, which lead out of the folder. */
async function stageModules(host: Pick<Host, 'run'>, from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  await host.run('cp', ['--archive', '--no-preserve=ownership', `${from}/.`, to])
  for (const link of ['build', 'source']) await rm(join(to, link), { force: true })
}

/** Blocks of 4 KiB and an inode a file are spare in a fifth more than the files take, and the rest of ext4 in 32 MiB. */
async function makeModulesDisk(host: Pick<Host, 'run'>, folder: string, file: string): Promise<void> {
  const { stdout } = await host.run('du', ['--summarize', '--block-size=1M', folder])
  const megabytes = Math.ceil(Number.parseInt(stdout, 10) * 1.2) + 32
  await host.run('mkfs.ext4', ['-q', '-O', '^has_journal', '-d', folder, file, `${megabytes}M`])
}
