/** Checks that the operations saw what they must, and that the container layer stayed empty. */
import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Container, Trial } from '../../harness/contracts/scenario.ts'
import type { Witness } from '../../harness/contracts/witness.ts'
import type { Provenance } from '../../harness/contracts/witness.ts'
import { errnoOf } from '../../harness/contracts/syscalls.ts'
import { contradiction, lowerDigest, requireContent } from '../common/witness.ts'
import { absentOf, fileOf, operations, PLACES, placesOf } from './places.ts'

/** Bytes: nothing is changed, and what a file system notes of being mounted and read is far less. */
export const MOST_ALLOCATED = 1024 ** 2

/** Observation of `run`. */
export interface Observed {
  container: Container
  before: readonly Provenance[]
  /** Bytes by which the store had grown before the operations. */
  allocated: number
  /** Bytes that `read` read, by place. */
  contents: readonly Buffer[]
}

/** Files whose provenance is looked at: the first and the last of each operation. */
const examined = operations.flatMap((id) => firstAndLast(placesOf(id))).map(fileOf)

export async function provenanceOf(container: Container): Promise<Provenance[]> {
  const found: Provenance[] = []
  for (const path of examined) found.push(await container.provenance(path))
  return found
}

export async function verify(
  trial: Trial,
  { container, before, allocated, contents }: Observed,
): Promise<Witness> {
  requireNothingAllocated((await trial.evidence.allocated()) - allocated)
  const after = await provenanceOf(container)
  examined.forEach((path, index) => requireUntouched(trial, path, before[index], after[index]))
  for (const place of placesOf('lookup-miss')) requireAbsent(join(container.root, absentOf(place)))
  for (const place of placesOf('readdir')) requireEntries(trial, container.root, place)
  const containerHash = requireRead(trial, contents)
  const lowerHash = await lowerDigest(trial, firstAndLast(placesOf('read')).map(fileOf))
  return {
    mechanism: 'none',
    before: before[0] ?? null,
    after: after[0] ?? null,
    containerHash,
    lowerHash,
    bytesChanged: null,
    changed: null,
  }
}

function requireNothingAllocated(grown: number): void {
  if (grown <= MOST_ALLOCATED) return
  throw contradiction('mechanism', `files were only read, but the store grew by ${grown} bytes`)
}

/** A union has nothing of the file in the container layer, and no bytes of any file became the container's own. */
function requireUntouched(
  { evidence: { cowUnit } }: Trial,
  path: string,
  before: Provenance | undefined,
  after: Provenance | undefined,
): void {
  // A block driver counts for the whole device, so the mount's own writes are among them.
  const grown = cowUnit !== 'block' && after?.exclusiveBytes !== before?.exclusiveBytes
  if (after?.layer === before?.layer && after?.layer !== 'upper' && !grown) return
  throw contradiction(
    'mechanism',
    `${path} was only read, but the container layer changed: ${JSON.stringify({ before, after })}`,
  )
}

function requireAbsent(path: string): void {
  try {
    statSync(path)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return
    throw error
  }
  throw contradiction('content', `the container has ${path}, which is in no layer`)
}

function requireEntries(trial: Trial, root: string, place: string): void {
  const expected = [...trial.evidence.manifest.keys()]
    .filter((path) => path.startsWith(`${place}/`))
    .map((path) => path.slice(place.length + 1))
    .toSorted()
  const seen = readdirSync(join(root, place)).toSorted()
  if (seen.join() !== expected.join()) {
    throw contradiction(
      'content',
      `the container's ${place} holds ${seen.join(', ')}, not ${expected.join(', ')}`,
    )
  }
}

/** Every file's bytes, as the timed read(2) gave them, are the manifest's. Returns one hash over all. */
function requireRead(trial: Trial, contents: readonly Buffer[]): string {
  const all = createHash('sha256')
  placesOf('read')
    .map(fileOf)
    .forEach((path, index) => {
      const bytes = contents[index] ?? Buffer.alloc(0)
      requireContent(
        path,
        createHash('sha256').update(bytes).digest('hex'),
        trial.evidence.manifest.get(path)?.digest ?? '',
      )
      all.update(bytes)
    })
  return all.digest('hex')
}

function firstAndLast<T>(values: readonly T[]): T[] {
  return [values[0] as T, values[PLACES - 1] as T]
}
