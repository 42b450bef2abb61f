/** Layers of a trial without mounts: a layer is a folder, and so is a container on it. */
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Container, TrialLayers } from '../../harness/contracts/scenario.ts'
import type { Usage } from '../../harness/contracts/snapshotter.ts'

export interface FakeLayersScript {
  /** Fills the folder of a container from that of its layer. Default: copies all. */
  prepare?(from: string, to: string): void
  /** Called with the folder of a container that becomes a layer, beforehand. */
  commit?(folder: string): void
  /** Called before a container is mounted, with the number of layers that the trial has made; throws to let it fail. */
  mount?(layers: number): void
  usage?(folder: string): Usage
  /** Default: true. */
  stacks?: boolean
}

export function createFakeLayers(
  home: string,
  lower: string,
  log: string[],
  script: FakeLayersScript = {},
): TrialLayers {
  const folders = new Map([['image', lower]])
  let count = 0
  const folderOf = (layer: string) => {
    const folder = folders.get(layer)
    if (folder === undefined) throw new Error(`there is no layer ${layer}`)
    return folder
  }
  return {
    image: 'image',
    stacks: script.stacks ?? true,
    dropsAttributes: false,
    container(parent): Container {
      const key = `on-${count}`
      const root = join(home, key)
      count += 1
      return {
        key,
        root,
        async prepare() {
          log.push(`prepare ${key} on ${parent}`)
          mkdirSync(root)
          if (parent === null) return
          if (script.prepare !== undefined) script.prepare(folderOf(parent), root)
          else cpSync(folderOf(parent), root, { recursive: true, verbatimSymlinks: true })
        },
        async mount() {
          log.push(`mount ${key}`)
          script.mount?.(folders.size - 1)
        },
        provenance: async () => ({ layer: 'upper', sharedBytes: 0, exclusiveBytes: 0 }),
        sync: () => void log.push('sync'),
      }
    },
    async unmount({ key }) {
      log.push(`unmount ${key}`)
    },
    async remove({ key, root }) {
      log.push(`remove ${key}`)
      rmSync(root, { recursive: true })
    },
    async commit({ key, root }) {
      const layer = `layer-${folders.size - 1}`
      log.push(`commit ${key} as ${layer}`)
      script.commit?.(root)
      const folder = join(home, layer)
      if (existsSync(folder)) throw new Error(`there is a layer ${layer}`)
      renameSync(root, folder)
      folders.set(layer, folder)
      return layer
    },
    async removeLayer(layer) {
      log.push(`remove ${layer}`)
      rmSync(folderOf(layer), { recursive: true })
      folders.delete(layer)
    },
    sync: () => void log.push('sync'),
    usage: async (of) => {
      const folder = typeof of === 'string' ? folderOf(of) : of.root
      return script.usage?.(folder) ?? { bytes: 0, inodes: null }
    },
    changes: async () => null,
    withView: async (layer, look) => look(folderOf(layer)),
  }
}
