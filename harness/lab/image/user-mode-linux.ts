/** The kernel that is a program, from a newer suite than the root and than this machine. */
import { chmod, copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { rootRequest, type Build } from './build-step.ts'
import { buildScript, LAB_FILES } from './files.ts'
import { makeRoot, runAlone } from './mmdebstrap.ts'

/** Leaves `linux` in the folder, which starts it with the libraries that came along, and its modules in the root. */
export async function addUserModeLinux(build: Build): Promise<void> {
  const { host, recipe, folder, root } = build
  const unpacked = join(folder, 'unpacked')
  await makeRoot(host, {
    ...rootRequest(build, recipe.kernelSuite),
    target: unpacked,
    variant: 'extract',
    packages: [recipe.kernel],
    env: {},
  })
  await runAlone(host, [buildScript('uml'), unpacked, root, folder])
  await copyFile(join(LAB_FILES, 'uml/linux'), join(folder, 'linux'))
  await chmod(join(folder, 'linux'), 0o755)
  await rm(unpacked, { recursive: true })
}
