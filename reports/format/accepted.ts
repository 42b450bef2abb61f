import type { Accepted } from '../../harness/contracts/accepted.ts'

/** `accepted as a baseline on 2026-02-01: the new kernel flushes directories`. */
export function acceptedText({ at, because }: Accepted): string {
  return `accepted as a baseline on ${at.slice(0, 10)}: ${because}`
}
