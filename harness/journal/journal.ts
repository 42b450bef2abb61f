/**
 * The write-ahead record of one run: what it makes outside of its own mount and process namespaces. One NDJSON
 * file a run, each line durable before the thing is made.
 */
import { closeSync, constants, fsyncSync, lstatSync, openSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, ExitCode, messageOf } from '../contracts/error.ts'
import type { Journal, JournalEntry } from '../contracts/host.ts'
import { errnoOf } from '../contracts/syscalls.ts'
import { lineAppender } from '../linux/append-lines.ts'
import { tryLock } from '../linux/lock.ts'
import { makeFolders } from '../linux/make-folders.ts'
import { identityOf } from '../linux/process.ts'
import { machineId, pidNamespace } from './here.ts'
import type { JournalOwner } from './entry.ts'
import { placeOf, realPath } from './place.ts'
import { whyNotOwn } from './own-file.ts'
import { readJournal } from './read-journal.ts'
import { refusal } from './rules.ts'

export const SUFFIX = '.ndjson'
/** Suffix of a journal that has no first line yet. */
export const NEW_SUFFIX = `${SUFFIX}.new`

/** How often a journal is made that others delete. */
const MOST_ATTEMPTS = 3

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR } = constants

/** A journal that this process appends to. */
export interface OpenJournal extends Journal {
  readonly run: string
  readonly path: string
  /**
   * The descriptor that holds the lock: the run goes on as long as a process has it open. A process that is handed it holds
   * the lock, too.
   */
  readonly lock: number
  close(): void
}

/**
 * Begins a run's journal and locks it. `places` are the folders and devices that the run named: everything that is recorded
 * lies below one of them and carries the run's id. `lock` takes the lock. Throws a BenchError when it cannot be written.
 */
export function openJournal(
  directory: string,
  run: string,
  places: readonly string[],
  lock: typeof tryLock = tryLock,
): OpenJournal {
  const path = join(directory, run + SUFFIX)
  const owner: JournalOwner = {
    ...identityOf(process.pid),
    run,
    pidNamespace: pidNamespace(),
    machine: machineId(),
    places: places.map(placeOf),
  }
  return writing(() => {
    makeDirectory(directory)
    const locked = begin(path, owner, lock)
    syncFolder(directory)
    return { ...appending(locked, owner), path, lock: locked, close: () => closeSync(locked) }
  })
}

/**
 * Makes the journal under another name first, so that it appears only with its lock and its owner. A `bench clean` that
 * comes in between takes it for what a killed run left, and deletes it: then it is made once more.
 */
function begin(path: string, owner: JournalOwner, lock: typeof tryLock): number {
  for (let attempt = 1; ; attempt += 1) {
    const locked = beginOnce(path, owner, lock)
    if (locked !== null) return locked
    if (attempt === MOST_ATTEMPTS) throw new Error(`${path}: other programs delete it again and again`)
  }
}

/** Returns the descriptor that holds the lock; null where another program took the file away. */
function beginOnce(path: string, owner: JournalOwner, lock: typeof tryLock): number | null {
  const begun = path.slice(0, -SUFFIX.length) + NEW_SUFFIX
  const fd = openSync(begun, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  let isOurs = false
  try {
    if (!lock(fd, 'exclusive', begun)) return null
    lineAppender(fd)(lineOf({ op: 'begin', owner }))
    isOurs = renameIfThere(begun, path)
    return isOurs ? fd : null
  } finally {
    if (!isOurs) {
      rmSync(begun, { force: true })
      closeSync(fd)
    }
  }
}

function renameIfThere(from: string, to: string): boolean {
  try {
    renameSync(from, to)
    return true
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false
    throw error
  }
}

/** Opens the journal that the parent of this process has begun. Throws a BenchError when it cannot be written. */
export function joinJournal(directory: string, run: string): Journal & { close(): void } {
  const path = join(directory, run + SUFFIX)
  return writing(() => {
    const { owner } = readJournal(path)
    if (owner === null) throw new Error(`${path} does not say whose it is`)
    const fd = openSync(path, O_RDWR | O_APPEND | O_NOFOLLOW)
    return { ...appending(fd, owner), close: () => closeSync(fd) }
  })
}

/** An entry that could not be undone is a bug of who records it, and found before anything is made. */
function appending(fd: number, owner: JournalOwner): Journal & { run: string } {
  const appendLine = lineAppender(fd)
  const append = (line: object) => writing(() => appendLine(lineOf(line)))
  return {
    run: owner.run,
    record(given) {
      const entry = withRealPath(given)
      const reason = refusal(entry, owner)
      if (reason !== null) throw new Error(`not for the journal: ${reason}`)
      append({ op: 'record', entry })
    },
    // The word of the file's format.
    forget: (given) => append({ op: 'settle', entry: withRealPath(given) }),
  }
}

const lineOf = (line: object) => `${JSON.stringify(line)}\n`

/** The kernel's lists of mounts and loop devices know paths without symbolic links only. */
function withRealPath(entry: JournalEntry): JournalEntry {
  switch (entry.kind) {
    case 'directory':
    case 'file':
    case 'mount':
    case 'loop':
      return { ...entry, path: realPath(entry.path) }
    default:
      return entry
  }
}

function makeDirectory(directory: string): void {
  makeFolders(directory, 0o700)
  const reason = whyNotOwn(lstatSync(directory), 'directory')
  if (reason !== null) throw new Error(`${directory} ${reason}`)
}

function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r')
  fsyncSync(fd)
  closeSync(fd)
}

function writing<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof BenchError) throw error
    throw new BenchError(`the journal cannot be written: ${messageOf(error)}`, {
      code: 'journal.write',
      hint: 'set XDG_STATE_HOME to a writable folder of your own on a disk with free space',
      exitCode: ExitCode.hostNotReady,
      cause: error,
    })
  }
}
