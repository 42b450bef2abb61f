/** Checks of a sample: the container's tree and the image's, against the model, and what the kernel did. */
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Container, Trial } from '../../harness/contracts/scenario.ts'
import type { Mechanism, Provenance, Witness } from '../../harness/contracts/witness.ts'
import { requireWritten } from '../common/counters.ts'
import { countedBy, type Counted } from '../common/evidence.ts'
import { mechanismOf } from '../common/mechanism.ts'
import { DEFAULT_RATIO } from '../common/options.ts'
import { contradiction } from '../common/witness.ts'
import { ownContent } from '../dataset/image.ts'
import { addNode } from '../dataset/model/change.ts'
import { compareTree, type Compared, type Comparison } from '../dataset/model/compare.ts'
import { directoryNode, fileNode, type DirectoryNode } from '../dataset/model/nodes.ts'
import { seededContents, type Contents } from '../dataset/many-files/contents.ts'
import { directoryPath, DIRECTORY_MODE, fileName } from '../dataset/many-files/places.ts'
import { modelManyFiles, ownerOfProcess } from '../dataset/many-files/write.ts'
import type { Done } from './operation.ts'
import { OPERATIONS } from './operations.ts'
import { BESIDE, contentsOf, inParent, isRead, PARENT, treeOf, type TreeParams } from './params.ts'
import { recreatedContents } from './recreated.ts'

/** Rounds by which the bytes of every file have been compared once more, where all of them are too much for one. */
export const SHARES = 10
/** Bytes of all files, up to which every round compares all. */
export const COMPARED_EACH_ROUND = 256 * 1024 ** 2

/** Observation of `run`. */
export interface Observed {
  container: Container
  done: Done
  before: readonly Provenance[]
  after: readonly Provenance[]
  /** Counted when the work began: what it deletes has been written until then. */
  counted: Counted
}

/** Returns the files whose provenance is looked at: the first and the last, or the one beside the tree. */
export function examinedFiles(params: TreeParams, when: 'before' | 'after'): string[] {
  const operation = OPERATIONS[params.op]
  if (operation.changesFiles !== true) return [BESIDE.path]
  const tree = treeOf(params)
  const nameOf =
    (when === 'after' ? operation.nameAfterwards : undefined) ?? ((index: number) => fileName(index))
  return [0, params.files - 1].map((index) => {
    const directory = Math.floor((index * params.directories) / params.files)
    return `${directoryPath(tree, directory)}/${nameOf(index)}`
  })
}

export async function verify(trial: Trial<TreeParams>, observed: Observed): Promise<Witness> {
  const { params, seed } = trial
  const operation = OPERATIONS[params.op]
  const { done, container } = observed
  const contents = contentsOf(params, seed)
  const work = { tree: treeOf(params), contents, recreated: recreatedContents(seed, contents) }
  const model = modelOfImage(params, seed, contents)
  const comparison = comparisonOf(trial, contents)
  // The image first: the model is then changed into the container's.
  const lower = await trial.evidence.withImage((root) => compareTree(join(root, PARENT), model, comparison))
  requireSame('lower', 'the image', lower)
  const expected = operation.expect(model, work)
  const countsLinks = params.op === 'hardlink'
  const seen = compareTree(join(container.root, PARENT), model, { ...comparison, countsLinks })
  requireSame('content', 'the container', seen)
  if (seen.linksApart > 0) requireOneFile(trial, container.root)
  if (done.objects !== expected)
    throw contradiction('content', `the work changed ${done.objects} objects, not ${expected}`)
  const mechanism = await mechanismOfWork(trial, observed, contents)
  const whole = comparesAll(trial, contents)
  return {
    mechanism,
    before: observed.before[0] ?? null,
    after: observed.after[0] ?? null,
    containerHash: whole ? seen.hash : null,
    lowerHash: whole ? lower.hash : null,
    bytesChanged: operation.bytes === undefined ? null : params.files * dataBytes(contents),
    changed: isRead(params.op) ? null : { objects: done.objects, word: operation.object },
    details: {
      ...detailsOf(done, seen, whole),
      ...(await hidingOf(trial)),
    },
  }
}

function detailsOf({ moved }: Done, seen: Compared, whole: boolean): Record<string, string | number> {
  return {
    ...(moved === undefined ? {} : { outcome: moved.copied > 0 ? 'EXDEV' : 'renamed', ...moved }),
    ...(seen.linksApart === 0 ? {} : { outcome: 'links not shown', linksApart: seen.linksApart }),
    compared: whole ? 'hash' : 'sampled',
    ...(whole ? {} : { sampledShare: 1 / SHARES }),
    containerBytesCompared: seen.bytes,
  }
}

/** Returns what hides the first name that is gone. */
async function hidingOf(trial: Trial<TreeParams>): Promise<Record<string, string>> {
  const [gone] = OPERATIONS[trial.params.op].after?.(treeOf(trial.params)).gone ?? []
  return gone === undefined ? {} : requireHidden(trial, gone)
}

/**
 * Returns what hides a name that is gone. Throws `witness.mechanism` where a union has no mark of it: the image still
 * holds it.
 */
export async function requireHidden(
  { evidence }: Pick<Trial, 'evidence'>,
  gone: string,
): Promise<Record<string, string>> {
  const mark = await evidence.hiddenBy(gone)
  if (mark === undefined) return {}
  if (mark === null)
    throw contradiction(
      'mechanism',
      `${gone} is gone and the image holds it, but the container layer does not hide it`,
    )
  return { hiddenBy: mark }
}

/**
 * Proves that the two names are one file where the driver does not show it by stat(2), as FUSE with an inode number for each
 * path: what is written through one is read through the other. Changes the container. Throws `witness.content`.
 */
function requireOneFile({ params }: Trial<TreeParams>, root: string): void {
  const links = examinedFiles(params, 'after')
  for (const [index, file] of examinedFiles(params, 'before').entries()) {
    const path = join(root, file)
    const { length } = readFileSync(path)
    appendFileSync(join(root, links[index] as string), 'x')
    if (readFileSync(path).length !== length + 1)
      throw contradiction('content', `${file} and the hard link to it are not one file`)
  }
}

/** Throws `witness.WHAT` where a comparison found a difference. */
export function requireSame(what: 'lower' | 'content', where: string, { difference }: Compared): void {
  if (difference !== null) throw contradiction(what, `${where} does not hold what it must: ${difference}`)
}

/** Returns the model of what the image has below {@link PARENT}. */
function modelOfImage(params: TreeParams, seed: number, contents: Contents): DirectoryNode {
  const owner = ownerOfProcess()
  const root = directoryNode(DIRECTORY_MODE, owner)
  const beside = seededContents(ownContent(seed, DEFAULT_RATIO, BESIDE.path), BESIDE.size)
  addNode(root, inParent(BESIDE.path), fileNode(0o644, owner, beside, 0))
  const tree = treeOf(params)
  modelManyFiles(root, { ...tree, home: inParent(tree.home) }, contents, owner)
  return root
}

function comparesAll({ round, params }: Trial<TreeParams>, contents: Contents): boolean {
  return round === 0 || params.files * contents.size <= COMPARED_EACH_ROUND
}

function comparisonOf(trial: Trial<TreeParams>, contents: Contents): Comparison {
  const { round, host } = trial
  return {
    readsFile: comparesAll(trial, contents) ? () => true : (index) => index % SHARES === round % SHARES,
    attribute: (path, name) => host.syscalls.lgetxattr(path, name),
  }
}

/** What the kernel did: with the tree's files where they are still there, else with the file beside them. */
async function mechanismOfWork(
  trial: Trial<TreeParams>,
  { done, before, after, counted }: Observed,
  contents: Contents,
): Promise<Mechanism | null> {
  const { params, evidence } = trial
  const operation = OPERATIONS[params.op]
  const now = withoutHoles(await countedBy(trial, DEFAULT_RATIO), params, contents)
  const changes = operation.changesFiles === true
  const mechanisms = examinedFiles(params, 'before').map((path, index) =>
    mechanismOf({
      path,
      cowUnit: evidence.cowUnit,
      change: changes ? 'metadata' : 'none',
      size: changes ? dataBytes(contents) : BESIDE.size,
      files: changes ? params.files : 1,
      rewritten: 0,
      before: before[index] as Provenance,
      after: after[index] as Provenance,
      ...(changes ? now : counted),
    }),
  )
  if (mechanisms.some((other) => other !== mechanisms[0]))
    throw contradiction('mechanism', `the first and the last file differ: ${mechanisms.join(', ')}`)
  if (operation.bytes === 'written') requireWritten(params.files * dataBytes(contents), now)
  return (done.moved?.copied ?? 0) > 0 ? 'moved-by-copy' : (mechanisms[0] ?? null)
}

/** Counts only what a store holds of sparse files. */
export function withoutHoles(counted: Counted, { files }: TreeParams, contents: Contents): Counted {
  return { ...counted, imageBytes: counted.imageBytes - files * (contents.size - dataBytes(contents)) }
}

/** Bytes of a file that are no hole. */
function dataBytes({ data }: Contents): number {
  return data.reduce((sum, { length }) => sum + length, 0)
}
