/**
 * The write-ahead record of one run: what it makes outside of its own mount and process namespaces. One NDJSON
 * file a run, each line durable before the thing is made.
 */
import { closeSync, openSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { BenchError, ExitCode, messageOf } from '../contracts/error.ts'
import type { Journal, JournalEntry } from '../contracts/host.ts'
import { lineAppender } from '../linux/append-lines.ts'
import { makeFolders } from '../linux/make-folders.ts'
import { identityOf, isAlive, processIdentitySchema } from '../linux/process.ts'

const entrySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('directory'), path: z.string() }),
  z.object({ kind: z.literal('file'), path: z.string() }),
  z.object({ kind: z.literal('mount'), path: z.string() }),
  z.object({ kind: z.literal('loop'), path: z.string() }),
  z.object({ kind: z.literal('device-mapper'), prefix: z.string() }),
  z.object({ kind: z.literal('zpool'), name: z.string() }),
  z.object({ kind: z.literal('parameter'), path: z.string(), value: z.string() }),
  z.object({ kind: z.literal('process'), pid: z.number(), startTime: z.number(), name: z.string() }),
  z.object({ kind: z.literal('cgroup'), name: z.string() }),
  z.object({ kind: z.literal('partitions'), device: z.string(), label: z.string() }),
]) satisfies z.ZodType<JournalEntry>

const ownerSchema = processIdentitySchema.extend({ run: z.string() })
const lineSchema = z.union([
  z.object({ op: z.literal('begin'), owner: ownerSchema }),
  z.object({ op: z.literal('record'), entry: entrySchema }),
  z.object({ op: z.literal('settle'), entry: entrySchema }),
])

export type JournalOwner = z.infer<typeof ownerSchema>

export interface JournalFile {
  path: string
  owner: JournalOwner | null
  /** What was recorded and not settled, in the order of recording. */
  open: JournalEntry[]
}

/** Appends to a run's journal; the first writer says whose it is. Throws a BenchError when it cannot be written. */
export function openJournal(directory: string, run: string): Journal & { path: string; close(): void } {
  const path = join(directory, `${run}.ndjson`)
  const fd = openFile(directory, path)
  const appendLine = writing(() => lineAppender(fd))
  const append = (line: unknown) => writing(() => appendLine(`${JSON.stringify(line)}\n`))
  if (readFileSync(path, 'utf8') === '') {
    const owner: JournalOwner = { ...identityOf(process.pid), run }
    append({ op: 'begin', owner })
  }
  return {
    path,
    record: (entry) => append({ op: 'record', entry }),
    settle: (entry) => append({ op: 'settle', entry }),
    close: () => closeSync(fd),
  }
}

function openFile(directory: string, path: string): number {
  return writing(() => {
    makeFolders(directory, 0o700)
    return openSync(path, 'a+', 0o600)
  })
}

function writing<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new BenchError(`the journal cannot be written: ${messageOf(error)}`, {
      code: 'journal.write',
      hint: 'set XDG_STATE_HOME to a writable folder on a disk with free space',
      exitCode: ExitCode.hostNotReady,
      cause: error,
    })
  }
}

/** Reads a journal; a torn last line (power cut) is what it is: not recorded, so not made. */
export function readJournal(path: string): JournalFile {
  let owner: JournalOwner | null = null
  const open = new Map<string, JournalEntry>()
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const parsed = parseLine(line)
    if (parsed === null) continue
    if (parsed.op === 'begin') owner = parsed.owner
    else if (parsed.op === 'record') open.set(JSON.stringify(parsed.entry), parsed.entry)
    else open.delete(JSON.stringify(parsed.entry))
  }
  return { path, owner, open: [...open.values()] }
}

export function listJournals(directory: string): JournalFile[] {
  let names: string[]
  try {
    names = readdirSync(directory)
  } catch {
    return []
  }
  return names
    .filter((name) => name.endsWith('.ndjson'))
    .toSorted()
    .map((name) => readJournal(join(directory, name)))
}

export function deleteJournal(path: string): void {
  rmSync(path, { force: true })
}

/** Tells whether the run that wrote the journal is still going on. */
export function ownerLives(owner: JournalOwner | null): boolean {
  return owner !== null && isAlive(owner)
}

function parseLine(line: string): z.infer<typeof lineSchema> | null {
  try {
    return lineSchema.parse(JSON.parse(line))
  } catch {
    return null
  }
}
