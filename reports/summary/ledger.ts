/**
 * The ledger of syncs: what reached the device for each object that the work changed. Counts stay the same on a busy disk,
 * where times do not.
 */
import type { Counter } from './counters.ts'

export const LEDGER_IDS = ['flushes', 'fuaWrites', 'bytesWritten', 'requests'] as const
export type LedgerId = (typeof LEDGER_IDS)[number]

/** A count for each object changed, over the samples. */
export interface PerObject extends Counter {
  /** Samples in which it was counted. */
  n: number
  /** The least and the greatest of the samples. */
  least: number
  most: number
}

/** What reached the device in one phase or in all, for each object changed; null where it was not counted. */
export type LedgerEntries = Readonly<Record<LedgerId, PerObject | null>>

/** Ledger of a cell over whole samples; those of its phases are with the phases. */
export interface Ledger {
  /** What one object is called: `file`. */
  word: string
  /** Objects that a sample changed, median. */
  objects: number
  /** From rest before `prepare` to rest after the work, as the other counters. */
  inAll: LedgerEntries
  /** Why an entry was not counted, by its name. */
  uncounted: Readonly<Record<string, string>>
}
