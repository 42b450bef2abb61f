/** Layers that a trial makes of its containers, and containers on them. See `TrialLayers`. */
import { join } from 'node:path'
import type { Container, TrialLayers } from '../contracts/scenario.ts'
import { createLiveContainer, syncPath, type LiveContainer, type LiveInputs } from './live-container.ts'
import { detach } from '../contracts/attach.ts'
import { throughView, type BuiltImage } from './stores.ts'

export interface LayersInputs extends LiveInputs {
  /** Unique in the run. */
  name: string
  image: BuiltImage
  stacks: boolean
  /** Adds a container to those of the trial, which takes them apart. */
  add(live: LiveContainer): void
  /** Returns the trial's own object of a container. */
  find(container: Container): LiveContainer
}

export interface RemovableLayers extends TrialLayers {
  /** Names of the layers that are there, the oldest first. */
  readonly made: readonly string[]
  /** Removes all of them. */
  removeAll(): Promise<void>
}

export function createTrialLayers(inputs: LayersInputs): RemovableLayers {
  const { host, store, image, name, find } = inputs
  const { snapshotter } = store
  const made: string[] = []
  const freeRoots: string[] = []
  let containers = 0
  let commits = 0

  async function removeLayer(layer: string): Promise<void> {
    await snapshotter.remove(layer)
    made.splice(made.indexOf(layer), 1)
  }

  return {
    image: image.name,
    stacks: inputs.stacks,
    dropsAttributes: inputs.store.snapshotter.store.dropsAttributes ?? false,
    made,
    container(parent) {
      // A mount point is used again, as the host of an engine has one for each container that lives.
      const root = freeRoots.pop() ?? join(store.directory, `on-${containers}`)
      const live = createLiveContainer(inputs, { key: `container-${name}.on-${containers}`, root, parent })
      containers += 1
      inputs.add(live)
      return live
    },
    async unmount(container) {
      await detach({ host, snapshotter }, container.key, container.root)
      find(container).mounted = false
      freeRoots.push(container.root)
    },
    async remove(container) {
      await snapshotter.remove(container.key)
      find(container).prepared = false
    },
    async commit(container) {
      const layer = `layer-${name}.${commits}`
      await snapshotter.commit(layer, container.key)
      commits += 1
      find(container).prepared = false
      made.push(layer)
      return layer
    },
    removeLayer,
    sync() {
      if (snapshotter.store.path !== null) syncPath(host, snapshotter.store.path)
    },
    usage: (of) => snapshotter.usage(typeof of === 'string' ? of : of.key),
    changes: async ({ key }) => (await snapshotter.changes?.(key)) ?? null,
    withView: (layer, look) => throughView(host, store, layer, look),
    async removeAll() {
      for (const layer of made.toReversed()) await removeLayer(layer)
    },
  }
}
