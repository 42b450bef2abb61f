/** A container in which all kinds of change were made, and what must be seen of it. */
import type { Container, Trial } from '../../harness/contracts/scenario.ts'
import { DEFAULT_RATIO } from '../common/options.ts'
import { readTree, withoutAdded, withoutAttributes, type TreeState } from '../common/tree-state.ts'
import { contradiction } from '../common/witness.ts'
import { openContent } from '../dataset/content.ts'
import { ownContent } from '../dataset/image.ts'
import { changeTree, expectedAfter, type ChangePlan } from './changes.ts'
import type { LayerParams } from './params.ts'
import { LOWEST } from './places.ts'

export interface ChangedContainer {
  container: Container
  plan: ChangePlan
  /** Whether the tree takes extended attributes. */
  attributes: boolean
}

/** Prepares and mounts a container, and makes the changes. They are not timed: other scenarios tell what changes cost. */
export async function changeContainer(trial: Trial<LayerParams>): Promise<ChangedContainer> {
  const container = trial.container()
  await container.prepare()
  await container.mount()
  await trial.cache.set(container, [LOWEST])
  const plan = planChanges(trial)
  const { syscalls } = trial.host
  const { attributes } = changeTree(syscalls, container.root, plan)
  if (!attributes)
    trial.record.warning('layer.attributes', 'the container takes no extended attributes: none were set')
  return { container, plan, attributes }
}

function planChanges({ seed, params }: Trial<LayerParams>): ChangePlan {
  const content = Buffer.alloc(params.size)
  openContent(ownContent(seed, DEFAULT_RATIO, 'changed'))(content, 0)
  return { files: params.files, content }
}

/** Returns the tree that the image must show after the changes. Throws `witness.lower` where the image is not what it was. */
export async function expectedTree(
  { evidence, host }: Trial<LayerParams>,
  { plan, attributes }: ChangedContainer,
): Promise<TreeState> {
  const shown = await evidence.withImage((root) => readTree(host.syscalls, root))
  const image = withoutAdded(shown, evidence.adds, evidence.manifest)
  for (const [path, entry] of evidence.manifest) {
    if (entry.type === 'file' && image.get(path)?.['content'] !== entry.digest)
      throw contradiction('lower', `${path} of the image has changed`)
  }
  if (image.size !== evidence.manifest.size)
    throw contradiction('lower', `the image shows ${image.size} entries, not ${evidence.manifest.size}`)
  return expectedAfter(image, plan, attributes)
}

/** Returns what a layer must show that was committed from such a tree. Warns where the engine's commit drops something. */
export function afterCommit({ layers, record }: Trial<LayerParams>, tree: TreeState): TreeState {
  if (!layers.dropsAttributes) return tree
  record.warning(
    'layer.attributes-dropped',
    'a commit by this engine drops extended attributes, so that its layer holds less than that of others',
  )
  return withoutAttributes(tree)
}

/** Prepares and mounts a container on a layer. Untimed. */
export async function freshContainer({ layers }: Trial<LayerParams>, layer: string): Promise<Container> {
  const container = layers.container(layer)
  await container.prepare()
  await container.mount()
  return container
}
