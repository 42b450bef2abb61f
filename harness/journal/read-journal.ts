/** Journals as they are found: of this run, of others, and what is none. */
import { closeSync, fstatSync } from 'node:fs'
import { basename } from 'node:path'
import type { JournalEntry } from '../contracts/host.ts'
import { completeLines } from '../linux/lines.ts'
import { lineSchema, type JournalOwner } from './entry.ts'
import { openOwnFile } from './own-file.ts'

export interface JournalFile {
  path: string
  owner: JournalOwner | null
  /** Entries that were recorded and not forgotten, in the order of recording. */
  open: JournalEntry[]
  /** The numbers of the lines that cannot be understood: what they record is not known. */
  damaged: number[]
  /** The last line has no end: its entry was not recorded, so what it was for was not made. */
  torn: boolean
}

/** 100 bytes a line, and a record for each of a million containers that were started and have ended. */
const LARGEST = 256 * 1024 ** 2

/** Bytes of a line: a path has 4096 at most (limits.h, PATH_MAX), and an owner a few of them. */
const LONGEST = 1024 ** 2

/** Reads a journal of this user's own. Throws with the reason where it is none. */
export function readJournal(path: string): JournalFile {
  const fd = openOwnFile(path)
  try {
    return parseJournal(path, fd)
  } finally {
    closeSync(fd)
  }
}

/** Reads a journal that is open. */
export function parseJournal(path: string, fd: number): JournalFile {
  if (fstatSync(fd).size > LARGEST) throw new Error(`${path} is larger than any journal`)
  const open = new Map<string, JournalEntry>()
  const found: JournalFile = { path, owner: null, open: [], damaged: [], torn: false }
  const lines = completeLines(fd, LONGEST)
  for (let number = 1; ; number += 1) {
    const { done, value } = lines.next()
    if (done) {
      found.torn = value
      // A run begins under another name until its first line is whole: such a journal may have held anything.
      if (value && found.owner === null && path.endsWith('.ndjson')) found.damaged.push(number)
      found.open = [...open.values()]
      return found
    }
    const line = parseLine(value)
    if (line === null || (line.op === 'begin' && found.owner !== null)) found.damaged.push(number)
    else if (line.op === 'begin') found.owner = line.owner
    else if (line.op === 'record') open.set(JSON.stringify(line.entry), line.entry)
    else open.delete(JSON.stringify(line.entry))
  }
}

function parseLine(line: string): ReturnType<typeof lineSchema.parse> | null {
  try {
    return lineSchema.parse(JSON.parse(line))
  } catch {
    return null
  }
}

/** Returns the run's id that the journal's name says. */
export function runOf(path: string): string {
  return basename(path).replace(/\.ndjson(?:\.new)?$/, '')
}
