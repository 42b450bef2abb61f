/** Checks that fail a sample: what was seen contradicts what was claimed. */
import { createHash } from 'node:crypto'
import { BenchError, ExitCode } from '../../harness/contracts/error.ts'
import type { Trial } from '../../harness/contracts/scenario.ts'

/** The sample does not show what it claims to show. */
export function contradiction(what: string, message: string): BenchError {
  return new BenchError(message, {
    code: `witness.${what}`,
    hint: 'the sample has failed; bench doctor shows what the host lacks',
    exitCode: ExitCode.cellFailed,
  })
}

/** Throws `witness.content` when the container does not see what it must see. */
export function requireContent(path: string, seen: string, expected: string): void {
  if (seen === expected) return
  throw contradiction(
    'content',
    `the container sees other bytes in ${path} than were written: ${short(seen)}, not ${short(expected)}`,
  )
}

/** Hashes the image's file and returns its SHA-256. Throws `witness.lower` when the file is not what it was. */
export async function requireLower({ evidence }: Trial, path: string): Promise<string> {
  const seen = await evidence.imageHash(path)
  const entry = evidence.manifest.get(path)
  if (entry === undefined) throw contradiction('lower', `the image has no ${path}`)
  if (seen !== entry.digest) {
    throw contradiction(
      'lower',
      `${path} of the image has changed: ${short(seen)}, not ${short(entry.digest)}`,
    )
  }
  return seen
}

/** Returns one hash over those of a few files of the image. Throws as {@link requireLower} does. */
export async function lowerDigest(trial: Trial, paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(await requireLower(trial, path))
  return hash.digest('hex')
}

function short(digest: string): string {
  return digest.slice(0, 12)
}
