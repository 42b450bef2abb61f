/** Checks that the container sees its file as it must be after a touch. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Trial } from '../../harness/contracts/scenario.ts'
import { provesByHash } from '../common/image-file.ts'
import { contradiction, requireContent } from '../common/witness.ts'
import { contentDigest, type Change } from '../dataset/files.ts'
import { CHANGED_MODE, editing, type Action } from './action.ts'
import { contentOf, fileOf, type BigfileParams } from './params.ts'

type BigfileTrial = Trial<BigfileParams>

/**
 * Throws `witness.content` when the file has the wrong mode or, in rounds that prove by hash, the wrong SHA-256.
 * Returns the latter there, else null.
 */
export async function requireChanged(trial: BigfileTrial, action: Action): Promise<string | null> {
  const file = fileOf(trial.params)
  requireMode(trial, join(trial.container().root, file))
  if (!provesByHash(trial)) return null
  const seen = await trial.evidence.containerHash(file)
  requireContent(file, seen, expectedDigest(trial, action))
  return seen
}

function requireMode({ params }: BigfileTrial, path: string): void {
  if (params.touch.kind !== 'chmod') return
  const mode = statSync(path).mode & 0o7777
  if (mode !== CHANGED_MODE) {
    throw contradiction(
      'content',
      `the container sees mode ${mode.toString(8)} of ${fileOf(params)}, not ${CHANGED_MODE.toString(8)}`,
    )
  }
}

const digests = new Map<string, string>()

/** Returns the same for every sample of a cell, so it is computed once in a process. */
function expectedDigest(trial: BigfileTrial, action: Action): string {
  const key = JSON.stringify([trial.seed, trial.params])
  const known = digests.get(key)
  if (known !== undefined) return known
  const digest = contentDigest(contentOf(trial), action.size, changeOf(action))
  digests.set(key, digest)
  return digest
}

/** Returns the bytes changed by the touch and by the second write. */
export function changeOf({ change, second }: Action): Change {
  return (piece, offset) => {
    change(piece, offset)
    if (second !== null) editing(second)(piece, offset)
  }
}
