/** Undoes what a journal names, as far as the rules allow, and deletes it when nothing is left. */
import { onUserPath } from '../contracts/host-error.ts'
import { rmSync } from 'node:fs'
import type { JournalEntry } from '../contracts/host.ts'
import { bootId } from '../linux/process.ts'
import type { JournalOwner } from './entry.ts'
import { isSamePlace, type Place } from './place.ts'
import { readJournal, type JournalFile } from './read-journal.ts'
import { refusal } from './rules.ts'
import { otherRunIn, runtimeDirectory } from './runtime-directory.ts'
import { undoEntry, type HostForUndo, type UndoResult } from './undo.ts'

export type { HostForUndo, UndoResult }

/** Undoes the entries of a journal whose run has ended, newest first. */
export async function undoJournal(
  host: HostForUndo,
  { owner, open }: Pick<JournalFile, 'owner' | 'open'>,
): Promise<UndoResult[]> {
  const results: UndoResult[] = []
  for (const entry of open.toReversed()) results.push(await undoAllowed(host, entry, owner))
  return results
}

async function undoAllowed(
  host: HostForUndo,
  entry: JournalEntry,
  owner: JournalOwner | null,
): Promise<UndoResult> {
  if (owner === null) return { entry, done: null, error: 'the journal does not say whose it is' }
  const sameBoot = owner.bootId === bootId()
  const error = refusal(entry, owner) ?? (sameBoot ? heldByOther(entry, owner) : null)
  if (error !== null) return { entry, done: null, error }
  const place = placeFor(entry, owner)
  if (!sameBoot && endedWithBoot(entry, place)) return { entry, done: null, error: null }
  if (place !== null && !isSamePlace(place)) {
    const why = `${place.at} is not the folder that the run had: is its disk mounted, and this the same machine?`
    return { entry, done: null, error: why }
  }
  return undoEntry(host, entry, { run: owner.run, sameBoot })
}

/** A run that goes on may have mount points in a folder of the same name. */
function heldByOther(entry: JournalEntry, { run }: JournalOwner): string | null {
  if (!('path' in entry) || !`${entry.path}/`.startsWith(`${runtimeDirectory(run)}/`)) return null
  const other = otherRunIn(run)
  return other === null ? null : `${entry.path} is run ${other}'s`
}

/** Returns the place that an entry lies in, the innermost; null where the journal names none. */
function placeFor(entry: JournalEntry, { places = [] }: JournalOwner): Place | null {
  if (!('path' in entry)) return null
  return (
    places
      .filter(({ path }) => entry.path.startsWith(path.endsWith('/') ? path : `${path}/`))
      .toSorted((a, b) => b.path.length - a.path.length)[0] ?? null
  )
}

/**
 * Tells whether an entry ended with the boot. Files on a disk, partition tables and pools survive a reboot; nothing else
 * does.
 */
function endedWithBoot({ kind }: JournalEntry, place: Place | null): boolean {
  if (kind === 'directory' || kind === 'file') return place?.memory ?? false
  return kind !== 'partitions' && kind !== 'zpool'
}

export interface CleanedUp {
  results: readonly UndoResult[]
  /** Why the journal was not deleted, beside entries that could not be undone: what was recorded there is not known. */
  damaged: readonly number[]
}

/** Undoes the entries, and deletes the journal unless something is left or not known. */
export async function cleanUpJournal(host: HostForUndo, journal: JournalFile): Promise<CleanedUp> {
  const results = await undoJournal(host, journal)
  if (results.every(({ error }) => error === null) && journal.damaged.length === 0)
    deleteJournal(journal.path)
  return { results, damaged: journal.damaged }
}

/** Undoes what this process's own run left. Returns what could not be removed; the journal stays then. */
export async function cleanUpAfter(host: HostForUndo, path: string): Promise<readonly UndoResult[]> {
  const { results } = await cleanUpJournal(host, readJournal(path))
  return results.filter(({ error }) => error !== null)
}

/** Deletes a journal of which nothing is left. */
export function deleteJournal(path: string): void {
  onUserPath(() => rmSync(path, { force: true }))
}
