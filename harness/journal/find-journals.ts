/** The journals of a user, opened one by one: what is odd with one stops no other. */
import { closeSync, constants, lstatSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, ExitCode, messageOf } from '../contracts/error.ts'
import { onUserPath } from '../contracts/host-error.ts'
import { errnoOf } from '../contracts/syscalls.ts'
import { tryLock } from '../linux/lock.ts'
import { NEW_SUFFIX, SUFFIX } from './journal.ts'
import { openOwnFile, whyNotOwn } from './own-file.ts'
import { parseJournal, runOf, type JournalFile } from './read-journal.ts'
import { stateOfRun, type RunState } from './run-state.ts'

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants

/** A journal, and whether its run goes on. It is open, with a shared lock if nobody holds it, until it is disposed of. */
export interface FoundJournal extends JournalFile, Disposable {
  state: RunState
}

/** A file in the folder of journals that is not a valid journal, and is not obeyed. */
export interface OddJournal {
  path: string
  /** `is a symbolic link` */
  why: string
}

/** Returns the paths of a folder's journals, by the time of their run. Throws with the reason where the folder is another's. */
export function journalsIn(directory: string): string[] {
  const stat = lstatSync(directory, { throwIfNoEntry: false })
  if (stat === undefined) return []
  const why = whyNotOwn(stat, 'directory')
  if (why !== null) throw new Error(`${directory} ${why}`)
  return readdirSync(directory)
    .filter((name) => name.endsWith(SUFFIX) || name.endsWith(NEW_SUFFIX))
    .toSorted()
    .map((name) => join(directory, name))
}

/**
 * Locks the folder, so that one program at a time undoes what its journals name. Returns the descriptor that holds the lock.
 * Throws `journal.locked` while another does.
 */
export function lockJournals(directory: string): number {
  const fd = onUserPath(() => openSync(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW))
  if (tryLock(fd, 'exclusive', directory)) return fd
  closeSync(fd)
  throw new BenchError('another bench clean is at work', {
    code: 'journal.locked',
    hint: 'wait until it has ended',
    exitCode: ExitCode.notCleaned,
  })
}

/** Opens what lies at a path; null where it has gone since. */
export function openFound(path: string): FoundJournal | OddJournal | null {
  try {
    const fd = openOwnFile(path)
    try {
      return opened(path, fd)
    } catch (error) {
      closeSync(fd)
      throw error
    }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    return { path, why: messageOf(error).replace(`${path} `, '') }
  }
}

function opened(path: string, fd: number): FoundJournal {
  const { owner } = parseJournal(path, fd)
  if (owner !== null && owner.run !== runOf(path)) {
    throw new Error(`${path} says that it is the journal of run ${owner.run}`)
  }
  const state = stateOfRun(fd, path, owner)
  // Only now, since a run that went on until a moment ago has gone on writing.
  return { ...parseJournal(path, fd), state, [Symbol.dispose]: () => closeSync(fd) }
}

export function isOdd(found: FoundJournal | OddJournal): found is OddJournal {
  return 'why' in found
}

/** Tells whether a run of one of a folder's journals goes on. What cannot be read says nothing. */
export function isGoingOn(directory: string, run: string): boolean {
  const found = openFound(join(directory, run + SUFFIX))
  if (found === null || isOdd(found)) return false
  using journal = found
  return journal.state === 'going-on'
}
