/** An image for a machine of the lab: out of the cache, or built into it. */
import { join } from 'node:path'
import type { Host } from '../../contracts/host.ts'
import { readAptSources } from './apt.ts'
import { buildImage } from './build.ts'
import { readImage } from './cached-image.ts'
import { checkMachine } from './machine.ts'
import { buildOwnKernelImage, examineKernel } from './own-kernel.ts'
import { hashOf, imageName, knownFlavour, readRecipe } from './recipe.ts'
import { labCache, findInStore, openStore, type Store } from './store.ts'
import type { EnsureImage } from './types.ts'

/** Builds it or finds it in the cache. A build that is killed leaves nothing that looks like an image. */
export const ensureImage: EnsureImage = async (host, flavour, { kind, ownKernel, onProgress }) => {
  const recipe = readRecipe(knownFlavour(flavour, kind))
  const own = ownKernel == null ? null : await examineKernel(ownKernel)
  const cache = labCache()
  const baseHash = imageName(recipe)
  const hash = own === null ? baseHash : hashOf(baseHash, own.digest)
  const found = findInStore(cache, hash)
  if (found !== null) return readImage(found)

  checkMachine(host)
  const progress = onProgress ?? (() => undefined)
  const store = openStore(host, cache, () => progress(`${flavour}: waiting for another build of it to end`))
  const inputs = { host, recipe, store, onProgress: progress }
  const base = readImage(await store.put(baseHash, (folder) => buildBase(inputs, folder)))
  if (own === null) return base
  const put = store.put(hash, (folder) => {
    progress(`${flavour}: adding the kernel ${own.release ?? own.kernel}`)
    return buildOwnKernelImage(host, { folder, base, own, initrdModules: recipe.initrdModules })
  })
  return readImage(await put)
}

async function buildBase(
  inputs: {
    host: Host
    recipe: ReturnType<typeof readRecipe>
    store: Store
    onProgress: (line: string) => void
  },
  folder: string,
): Promise<void> {
  const apt = await readAptSources(inputs.host)
  await buildImage({ ...inputs, apt, folder, root: join(folder, 'root') })
}
