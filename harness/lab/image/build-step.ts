/** Data that the steps of a build pass to each other. */
import { join } from 'node:path'
import type { Host } from '../../contracts/host.ts'
import type { AptSources } from './apt.ts'
import type { RootRequest } from './mmdebstrap.ts'
import type { Recipe } from './recipe.ts'
import type { Store } from './store.ts'

export interface Build {
  host: Pick<Host, 'run' | 'which'>
  recipe: Recipe
  apt: AptSources
  store: Store
  /** Where the image's files go. */
  folder: string
  /** The root as it becomes, in the folder. */
  root: string
  onProgress: (line: string) => void
}

/** Properties that every root folder of a build has. */
export function rootRequest(
  { recipe, apt, store }: Pick<Build, 'recipe' | 'apt' | 'store'>,
  suite: string,
): Pick<RootRequest, 'suite' | 'sources' | 'aptOptions' | 'packageCache' | 'log'> {
  return {
    suite,
    sources: apt.sources(suite),
    aptOptions: apt.options,
    packageCache: join(store.folder, 'packages', suite),
    log: join(store.folder, `${recipe.flavour}.log`),
  }
}
