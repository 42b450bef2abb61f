/** ZFS's kernel modules, which Debian has as source: built here, natively, once for each kernel and version of ZFS. */
import { cp, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { rootRequest, type Build } from './build-step.ts'
import { buildScript } from './files.ts'
import { makeRoot } from './mmdebstrap.ts'
import { hashOf, type Recipe } from './recipe.ts'

/** Part of their name in the cache after version and kernel: the hash of how they are built. */
export async function howZfsIsBuilt({ revision }: Pick<Recipe, 'revision'>): Promise<string> {
  return hashOf(revision, await readFile(buildScript('zfs'), 'utf8'))
}

/** Copies the modules into the root, building them when they are not cached. The caller runs `depmod` afterwards. */
export async function addZfsModules(build: Build): Promise<void> {
  const { recipe, folder, root, store } = build
  const read = async (name: string) => (await readFile(join(folder, name), 'utf8')).trim()
  const release = await read('kernel-release')
  const version = await read('zfs-version')
  const how = await howZfsIsBuilt(recipe)
  const built = await store.put(`zfs-${version}-${release}-${how}`, (partial) => {
    build.onProgress(`${recipe.flavour}: building ZFS ${version} for Linux ${release} (minutes)`)
    return buildModules(build, partial, release)
  })
  const updates = join(root, 'lib/modules', release, 'updates/dkms')
  await mkdir(updates, { recursive: true })
  await cp(join(built, 'modules'), updates, { recursive: true })
}

async function buildModules(build: Build, folder: string, release: string): Promise<void> {
  const target = join(folder, 'root')
  await makeRoot(build.host, {
    ...rootRequest(build, build.recipe.suite),
    target,
    variant: 'minbase',
    packages: [`linux-headers-${release}`, 'zfs-dkms'],
    hook: 'zfs',
    env: { LAB_OUT: folder, LAB_RELEASE: release },
  })
  await rm(target, { recursive: true })
}
