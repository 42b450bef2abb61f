import { closeSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, ExitCode, messageOf, usageError } from '../contracts/error.ts'
import { unrecordedHost } from '../host/index.ts'
import { cleanUpJournal, type HostForUndo } from '../journal/clean-up.ts'
import { endHolders } from '../journal/end-run.ts'
import { isOdd, journalsIn, lockJournals, openFound, type FoundJournal } from '../journal/find-journals.ts'
import { SUFFIX } from '../journal/journal.ts'
import { journalDirectory } from '../linux/xdg.ts'
import { visible } from '../terminal/visible.ts'
import { requireRoot } from './namespace.ts'

interface Output {
  write(text: string): unknown
}

interface Cleaner {
  host: HostForUndo
  say(line: string): void
  complain(line: string): void
}

/** Result of cleaning up after one journal. */
type Cleaned = 'done' | 'not-ended' | 'left'

/** `bench clean`: undoes what the journals of ended runs name, and nothing else. */
export async function clean({ stdout, stderr }: { stdout: Output; stderr: Output }): Promise<number> {
  requireRoot('bench clean')
  const cleaner: Cleaner = {
    host: unrecordedHost(),
    say: (line) => void stdout.write(`${visible(line)}\n`),
    complain: (line) => void stderr.write(`bench: ${visible(line)}\n`),
  }
  const directory = journalDirectory()
  const cleaned: Cleaned[] = []
  const paths = ownJournals(directory)
  const lock = paths.length === 0 ? null : lockJournals(directory)
  try {
    for (const path of paths) {
      const became = await cleanOne(cleaner, path)
      if (became !== null) cleaned.push(became)
    }
  } finally {
    if (lock !== null) closeSync(lock)
  }
  if (cleaned.every((became) => became === 'not-ended')) cleaner.say('nothing to clean')
  return cleaned.includes('left') ? ExitCode.notCleaned : ExitCode.done
}

function ownJournals(directory: string): string[] {
  try {
    return journalsIn(directory)
  } catch (error) {
    throw new BenchError(`${visible(messageOf(error))}: no journal in it is obeyed`, {
      code: 'journal.not-own',
      hint: 'the folder of the journals must belong to the user who cleans, and nobody else may write to it',
      exitCode: ExitCode.notCleaned,
    })
  }
}

/**
 * Undoes what a run that was killed left, and calls `begin` before another program may undo or resume it. Throws a BenchError where
 * the run goes on, or something of it cannot be removed.
 */
export async function cleanAndBegin<T>(run: string, stderr: Output, begin: () => Promise<T>): Promise<T> {
  const directory = journalDirectory()
  const path = join(directory, run + SUFFIX)
  const lock = existsSync(directory) ? lockJournals(directory) : null
  const cleaner: Cleaner = {
    host: unrecordedHost(),
    say: () => undefined,
    complain: (line) => void stderr.write(`bench: ${visible(line)}\n`),
  }
  try {
    const became = existsSync(path) ? await cleanOne(cleaner, path) : null
    if (became === 'not-ended')
      throw usageError('resume', `run ${run} is going on`, 'wait until it has ended, or stop it')
    if (became === 'left')
      throw new BenchError(`what run ${run} left could not be removed`, {
        code: 'resume.not-cleaned',
        hint: 'bench clean says why; resume the run when nothing is left of it',
        exitCode: ExitCode.notCleaned,
      })
    return await begin()
  } finally {
    if (lock !== null) closeSync(lock)
  }
}

/** Null where the journal has gone meanwhile: its run has ended in order. */
async function cleanOne(cleaner: Cleaner, path: string): Promise<Cleaned | null> {
  const found = openFound(path)
  if (found === null) return null
  if (isOdd(found)) {
    cleaner.complain(`${path} ${found.why}: it is not obeyed and stays there`)
    return 'left'
  }
  using journal = found
  const name = journal.owner === null ? path : `run ${journal.owner.run}`
  switch (journal.state) {
    case 'going-on':
      cleaner.say(`${name} is going on (process ${journal.owner?.pid ?? 'unknown'}): left alone`)
      return 'not-ended'
    case 'elsewhere':
      cleaner.say(`${name} was made on another machine: left alone`)
      return 'not-ended'
    case 'orphaned':
      return await cleanOrphaned(cleaner, journal, name)
    case 'ended':
      cleaner.say(`${name} did not clean up after itself`)
      return await undo(cleaner, journal)
  }
}

/** The run's own process is gone, its measuring process hangs, as a rule in the kernel. */
async function cleanOrphaned(
  cleaner: Cleaner,
  { path }: FoundJournal,
  name: string,
): Promise<Cleaned | null> {
  cleaner.say(`${name} was killed, and its measuring process did not end: ending it`)
  const left = await endHolders(path)
  const who = left.length === 0 ? 'a process that is not seen from here' : `process ${left.join(', ')}`
  if (left.length === 0 && !isHeld(path)) return cleanOne(cleaner, path)
  cleaner.complain(`${name} still has ${who}, which cannot be killed: nothing of it was removed`)
  return 'left'
}

function isHeld(path: string): boolean {
  const found = openFound(path)
  if (found === null || isOdd(found)) return false
  using journal = found
  return journal.state === 'orphaned'
}

async function undo({ host, say, complain }: Cleaner, journal: FoundJournal): Promise<Cleaned> {
  if (journal.torn && journal.owner !== null)
    say('  the last line of its journal has no end and is passed over')
  const { results, damaged } = await cleanUpJournal(host, journal)
  for (const { done, error, entry } of results) {
    if (done !== null) say(`  ${done}`)
    if (error !== null) complain(`${entry.kind}: ${error}`)
  }
  if (damaged.length > 0) {
    const lines = `line${damaged.length === 1 ? '' : 's'} ${damaged.slice(0, 5).join(', ')}`
    complain(
      `${journal.path} cannot be read in ${lines}: it stays there; delete it when you have looked at it`,
    )
  }
  return damaged.length === 0 && results.every(({ error }) => error === null) ? 'done' : 'left'
}
