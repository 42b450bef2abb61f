/** `--across kernel,tool:mkfs.xfs,option:fsync,#new`: differences between two runs that are declared. */
import { usageError } from '../contracts/error.ts'
import { HOST_PARTS } from '../contracts/fingerprint-facts.ts'
import { suggestion } from '../plan/suggest.ts'

const NAMED = /^(tool|option|label):(.+)$/

/** Returns the declared parts, a label as `label:NAME`. Throws a usage error for a word that is no part. */
export function parseAcross(text: string): string[] {
  const words = text.split(',').map((word) => word.trim().replace(/^#/, 'label:'))
  for (const word of words) {
    if (HOST_PARTS.some((part) => part === word) || NAMED.test(word)) continue
    const known = [...HOST_PARTS, 'tool:NAME', 'option:KEY', 'label:NAME']
    throw usageError('across', `--across ${word}: there is no such part`, suggestion(word, known))
  }
  return [...new Set(words)]
}

/** Tells whether a part belongs to the cells of a run, not to its host. */
export function isOfCells(part: string): boolean {
  return part.startsWith('option:') || part.startsWith('label:')
}
