/** The tiny initrd of a guest: busybox, the drivers of its root, and a script that loads them. */
import { chmod, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { BenchError, ExitCode, usageError } from '../../contracts/error.ts'
import type { Host } from '../../contracts/host.ts'

/** How kernels pack their modules: CONFIG_MODULE_COMPRESS. */
const UNPACKERS: Readonly<Record<string, string>> = { '.xz': 'xz', '.zst': 'zstd', '.gz': 'gzip' }

export interface InitrdInputs {
  /** The folder in which `lib/modules/RELEASE` lies. */
  root: string
  release: string
  modules: readonly string[]
  /** The script that is the first process. */
  init: string
  /** A folder that may be filled and is removed. */
  scratch: string
  /** The file that is written. */
  file: string
}

/** The files in what `modprobe --show-depends` wrote, in the order in which they are loaded. */
export function parseDependencies(text: string): string[] {
  return text.split('\n').flatMap((line) => /^insmod (\S+)/.exec(line)?.[1] ?? [])
}

/** Writes the initrd, uncompressed: it is small, and a kernel of one's own may know no compression. */
export async function makeInitrd(host: Pick<Host, 'run' | 'which'>, inputs: InitrdInputs): Promise<void> {
  const { scratch } = inputs
  for (const folder of ['bin', 'dev', 'modules', 'proc', 'root'])
    await mkdir(join(scratch, folder), { recursive: true })
  await copyFile(await staticBusybox(host), join(scratch, 'bin/busybox'))
  await copyFile(inputs.init, join(scratch, 'init'))
  await chmod(join(scratch, 'init'), 0o755)
  const order: string[] = []
  for (const file of await moduleFiles(host, inputs)) {
    order.push(await unpackModule(host, file, join(scratch, 'modules')))
  }
  await writeFile(join(scratch, 'modules/order'), order.map((name) => `${name}\n`).join(''))
  const { stdout: tree } = await host.run('find', ['.', '-depth', '-mindepth', '1'], { cwd: scratch })
  await host.run('busybox', ['cpio', '-o', '-H', 'newc', '-R', '0:0', '-F', inputs.file], {
    cwd: scratch,
    input: parentsFirst(tree),
  })
  await rm(scratch, { recursive: true })
}

/** The kernel makes a file only where its folder is there already. */
function parentsFirst(tree: string): string {
  return `${tree.trim().split('\n').sort().join('\n')}\n`
}

/** In the initrd there is no C library; Debian has a busybox that needs one as well. */
async function staticBusybox(host: Pick<Host, 'which'>): Promise<string> {
  const path = host.which('busybox')
  if (path === null || (await readFile(path)).includes('/ld-linux'))
    throw new BenchError('an initrd needs a busybox that is linked statically', {
      code: 'guest.no-busybox',
      hint: 'on Debian: apt-get install busybox-static',
      exitCode: ExitCode.hostNotReady,
    })
  return path
}

/** Returns the files of the modules and of what they depend on, each once and after what it needs. */
async function moduleFiles(host: Pick<Host, 'run'>, inputs: InitrdInputs): Promise<string[]> {
  const files = new Set<string>()
  for (const module of inputs.modules) {
    const { exitCode, stdout } = await host.run(
      'modprobe',
      // This machine's own configuration of modules is not the guest's.
      [
        '--config=/dev/null',
        `--dirname=${inputs.root}`,
        `--set-version=${inputs.release}`,
        '--show-depends',
        module,
      ],
      { accept: [0, 1] },
    )
    if (exitCode !== 0)
      throw usageError(
        'no-driver',
        `kernel ${inputs.release} lacks ${module}, both as a module and built in`,
        `the guest needs ${inputs.modules.join(', ')}`,
      )
    for (const file of parseDependencies(stdout)) files.add(file)
  }
  return [...files]
}

/** Copies a module to a folder, unpacked, since busybox's insmod takes no other. Returns its name there. */
async function unpackModule(host: Pick<Host, 'run'>, file: string, folder: string): Promise<string> {
  const copy = join(folder, basename(file))
  await copyFile(file, copy)
  const suffix = extname(copy)
  const program = UNPACKERS[suffix]
  if (program === undefined) return basename(copy)
  await host.run(program, ['--decompress', '--quiet', copy])
  // zstd alone keeps what it has unpacked.
  await rm(copy, { force: true })
  return basename(copy, suffix)
}
