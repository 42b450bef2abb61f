/** A sample of work on the tree of the user's image, and its proof. */
import type { Container, Trial } from '../../../harness/contracts/scenario.ts'
import type { OwnImage } from '../../../harness/contracts/image.ts'
import type { Mechanism, Provenance, Witness } from '../../../harness/contracts/witness.ts'
import { countedBy } from '../../common/evidence.ts'
import { mechanismOf } from '../../common/mechanism.ts'
import { DEFAULT_RATIO } from '../../common/options.ts'
import { contradiction } from '../../common/witness.ts'
import { compareTree, type Comparison } from '../../dataset/model/compare.ts'
import { lookAfterwards } from '../afterwards.ts'
import { isRead, type TreeParams } from '../params.ts'
import { requireHidden, requireSame, SHARES, COMPARED_EACH_ROUND } from '../verify.ts'
import { ownOperation, type OwnOperation } from './operations.ts'
import { modelOfOwn, NOT_OF_THE_IMAGE, ownTreeOf, type OwnTree } from './tree.ts'

/** Observation of the work on the user's tree. */
export interface OwnObserved {
  own: true
  container: Container
  objects: number
  before: Provenance | null
  after: Provenance | null
}

/** Files of a large tree on which the cache is verified. */
const CACHE_FILES = 1000

export async function runOnOwn(trial: Trial<TreeParams>): Promise<OwnObserved> {
  const { tree, operation } = workOf(trial)
  const { params, clock } = trial
  const container = trial.container()
  await container.prepare()
  await container.mount()
  const examined = tree.examined === null ? [] : [tree.examined.path]
  const look = async () => (tree.examined === null ? null : container.provenance(tree.examined.path))
  const before = await look()
  await trial.cache.set(container, trial.cache.state === 'warm' ? sampleOf(tree) : examined)
  const work = operation.plan({ root: container.root, tree, syscalls: trial.host.syscalls })
  const objects = clock.time(isRead(params.op) ? 'read' : 'change', work)
  if (!isRead(params.op)) clock.time('syncfs', () => container.sync())
  await trial.cache.requireColdRead(params.op === 'read-all' ? sampleOf(tree) : [])
  await lookAfterwards(trial, container, operation.after?.(tree))
  const after = operation.examined === null ? null : await look()
  return { own: true, container, objects, before, after }
}

export async function verifyOnOwn(trial: Trial<TreeParams>, observed: OwnObserved): Promise<Witness> {
  const { own, tree, operation } = workOf(trial)
  const model = modelOfOwn(own)
  const whole = trial.round === 0 || tree.bytes <= COMPARED_EACH_ROUND
  const comparison: Comparison = {
    byDigest: true,
    except: NOT_OF_THE_IMAGE,
    adds: trial.evidence.adds,
    // A union gives each name of a file that it copies up a file of its own.
    countsLinks: true,
    readsFile: whole ? () => true : (index) => index % SHARES === trial.round % SHARES,
  }
  // The image first: the model is then changed into the container's.
  const lower = await trial.evidence.withImage((root) => compareTree(root, model, comparison))
  requireSame('lower', 'the image', lower)
  const expected = operation.expect(model)
  const seen = compareTree(observed.container.root, model, comparison)
  requireSame('content', 'the container', seen)
  if (observed.objects !== expected)
    throw contradiction('content', `the work changed ${observed.objects} objects, not ${expected}`)
  const gone = operation.after?.(tree).gone[0]
  return {
    mechanism: await mechanismOfOwn(trial, observed),
    before: observed.before,
    after: observed.after,
    containerHash: whole ? seen.hash : null,
    lowerHash: whole ? lower.hash : null,
    bytesChanged: trial.params.op === 'copy' ? tree.bytes : null,
    changed: isRead(trial.params.op) ? null : { objects: observed.objects, word: operation.object },
    details: {
      compared: whole ? 'hash' : 'sampled',
      ...(whole ? {} : { sampledShare: 1 / SHARES }),
      containerBytesCompared: seen.bytes,
      ...(seen.linksApart === lower.linksApart ? {} : { linksApart: seen.linksApart - lower.linksApart }),
      ...(gone === undefined ? {} : await requireHidden(trial, gone)),
    },
  }
}

function workOf({ own, params }: Trial<TreeParams>): {
  own: OwnImage
  tree: OwnTree
  operation: OwnOperation
} {
  const operation = ownOperation(params.op)
  if (own === null || operation === null)
    throw new Error(`op=${params.op} was planned on no image of the user`)
  return { own, tree: ownTreeOf(own), operation }
}

/** What the kernel did with the file that is looked at; null where it is gone, or there is none. */
async function mechanismOfOwn(
  trial: Trial<TreeParams>,
  { before, after }: OwnObserved,
): Promise<Mechanism | null> {
  const { tree, operation } = workOf(trial)
  if (tree.examined === null || before === null || after === null) return null
  return mechanismOf({
    path: tree.examined.path,
    cowUnit: trial.evidence.cowUnit,
    change: operation.examined === 'changed' ? 'metadata' : 'none',
    size: tree.examined.size,
    files: 1,
    rewritten: 0,
    before,
    after,
    ...(await countedBy(trial, DEFAULT_RATIO)),
  })
}

/** Returns up to {@link CACHE_FILES} files, spread evenly over the tree. */
function sampleOf({ files }: OwnTree): string[] {
  const every = Math.ceil(files.length / CACHE_FILES)
  return files.filter((_, index) => index % every === 0).map(({ path }) => path)
}
