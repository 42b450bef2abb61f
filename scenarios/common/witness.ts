/** Checks that fail a sample: what was seen contradicts what was claimed. */
import { BenchError, ExitCode } from '../../harness/contracts/error.ts'
import type { ManifestEntry } from '../../harness/contracts/scenario.ts'

/** The sample does not show what it claims to show. */
export function contradiction(what: string, message: string): BenchError {
  return new BenchError(message, {
    code: `witness.${what}`,
    hint: 'the sample is thrown away as failed; bench doctor shows what the host lacks',
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

/** Throws `witness.lower` when the image's file is not what it was, and returns its digest. */
export function requireLower(
  path: string,
  seen: string,
  manifest: ReadonlyMap<string, ManifestEntry>,
): string {
  const entry = manifest.get(path)
  if (entry === undefined) throw contradiction('lower', `the image has no ${path}`)
  if (seen !== entry.digest) {
    throw contradiction(
      'lower',
      `${path} of the image has changed: ${short(seen)}, not ${short(entry.digest)}`,
    )
  }
  return seen
}

function short(digest: string): string {
  return digest.slice(0, 12)
}
