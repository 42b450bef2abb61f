/** Builds the image of a recipe: packages, kernel, ZFS's modules, initrd, disk. */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Host } from '../../contracts/host.ts'
import { rootRequest, type Build } from './build-step.ts'
import { writeImage } from './cached-image.ts'
import { buildScript, LAB_FILES, LAB_INIT } from './files.ts'
import { makeInitrd } from '../../linux/guest/initrd.ts'
import { kernelCommandLine } from './kernel-command-line.ts'
import { makeRoot, runAlone } from './mmdebstrap.ts'
import { addUserModeLinux } from './user-mode-linux.ts'
import { addZfsModules } from './zfs.ts'

/** Fills the folder. What a build script reports to the next is in files of the folder: `kernel-release`, `zfs-version`. */
export async function buildImage(build: Build): Promise<void> {
  const { host, recipe, folder, root } = build
  build.onProgress(`${recipe.flavour}: fetching and unpacking the packages`)
  const isQemu = recipe.kind === 'qemu'
  await makeRoot(host, {
    ...rootRequest(build, recipe.suite),
    target: root,
    variant: 'minbase',
    packages: recipe.packages,
    packagesMaybe: recipe.packagesMaybe,
    ...(isQemu ? { hook: 'kernel' } : {}),
    env: {
      LAB_OUT: folder,
      LAB_KERNEL: recipe.kernel,
      LAB_MODULES_LEFT_OUT: recipe.modulesLeftOut.join(' '),
    },
  })
  if (!isQemu) await addUserModeLinux(build)
  if (recipe.zfs) await addZfsModules(build)
  build.onProgress(`${recipe.flavour}: making the disk`)
  await finishRoot(build)
  const kernelRelease = (await readFile(join(folder, 'kernel-release'), 'utf8')).trim()
  const initrd = isQemu ? join(folder, 'initrd') : null
  if (initrd !== null)
    await makeInitrd(host, {
      root,
      release: kernelRelease,
      modules: recipe.initrdModules,
      init: LAB_INIT,
      scratch: join(folder, 'initrd.d'),
      file: initrd,
    })
  const disk = join(folder, 'root.ext4')
  await makeDisk(host, root, disk, recipe.rootSize)
  await rm(root, { recursive: true })
  await writeImage(folder, {
    kind: recipe.kind,
    flavour: recipe.flavour,
    kernel: join(folder, isQemu ? 'vmlinuz' : 'linux'),
    kernelRelease,
    initrd,
    root: disk,
    modules: null,
    commandLine: kernelCommandLine(recipe.kind),
    systemd: isQemu,
  })
}

/** Puts the guest's own files in; `packages.txt` says afterwards what the image holds, in which versions. */
async function finishRoot({ host, recipe, folder, root }: Build): Promise<void> {
  const packages = await runAlone(host, [buildScript('finish'), root, join(LAB_FILES, 'guest')], {
    LAB_MASKED_UNITS: recipe.maskedUnits.join(' '),
  })
  await writeFile(join(folder, 'packages.txt'), packages)
}

/**
 * Without mounting anything. The tables are written now, or the guest's kernel would do it while something is measured,
 * and the journal stays: a machine may be killed.
 */
async function makeDisk(host: Pick<Host, 'run'>, root: string, file: string, size: string): Promise<void> {
  const options = ['-q', '-L', 'bench-root', '-m', '0', '-E', 'lazy_itable_init=0,lazy_journal_init=0']
  await host.run('mkfs.ext4', [...options, '-d', root, file, size], { timeout: LONGEST_COPY })
}

/** Seconds, for a gigabyte on a slow disk. */
const LONGEST_COPY = 900
