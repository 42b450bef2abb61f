/** A run on disk. `run.json` is replaced atomically, samples are appended, each durable before the next is taken. */
import { closeSync, constants, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { BenchError, ExitCode, messageOf, usageError } from '../contracts/error.ts'
import { RUN_SCHEMA_VERSION, runSchema, type Run } from '../contracts/run.ts'
import { sampleSchema, type Sample } from '../contracts/sample.ts'
import { cutTornLine, lineAppender } from '../linux/append-lines.ts'
import { readInputFile } from '../linux/input-file.ts'
import { completeLines } from '../linux/lines.ts'
import { replaceFile } from '../linux/replace-file.ts'
import { createDamage, type Damage } from './damage.ts'
import { createInOutput } from './output-folder.ts'
import { isObject, migrateRun, migrateSample, OLDEST_RUN_SCHEMA } from './migrate.ts'

export const RUN_FILE = 'run.json'
export const SAMPLES_FILE = 'samples.ndjson'
export const REPORT_FILE = 'report.html'

/** Bytes of the largest run.json that is read. One of a thousand cells has about a megabyte. */
const MOST_RUN_BYTES = 64 * 1024 ** 2
/** Bytes of the longest line of samples: three times a sample's with the most values that a scenario may be asked for. */
const MOST_LINE_BYTES = 32 * 1024 ** 2

/** `20260131-142501-k3x9`: sorts by time, unique on a fleet. */
export function makeRunId(now: Date, random: () => number): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll('-', '').replaceAll(':', '').replace('T', '-')
  const suffix = Math.floor(random() * 36 ** 4)
    .toString(36)
    .padStart(4, '0')
  return `${stamp}-${suffix}`
}

/**
 * Makes the folder of a run, with no samples yet, so that it is one to read whenever the run ends. Throws a usage error where
 * that fails, and then leaves nothing.
 */
export function createRunFolder(output: string, run: Run): string {
  const made = createInOutput(output, run.id, 'run folder', (folder) => {
    writeFileSync(join(folder, SAMPLES_FILE), '', { flag: 'wx' })
    replaceRun(folder, run)
  })
  return made.folder
}

/** Replaces run.json: a reader sees the old one or the new one whole. Throws a BenchError where it cannot be written. */
export function writeRun(folder: string, run: Run): void {
  writing(join(folder, RUN_FILE), () => replaceRun(folder, run))
}

function replaceRun(folder: string, run: Run): void {
  replaceFile(join(folder, RUN_FILE), `${JSON.stringify(run, null, 2)}\n`)
}

/** Marks a run whose process was killed and could not say so itself. */
export function markInterrupted(run: Run): void {
  run.state = 'interrupted'
  for (const [cell, outcome] of Object.entries(run.outcomes)) {
    if (outcome.state === 'pending') run.outcomes[cell] = { state: 'aborted' }
  }
}

export interface SampleWriter {
  /** Appends a sample: it is durable when this returns, or nothing of it is there and a BenchError is thrown. */
  append(sample: Sample): void
  close(): void
}

/** Opens the samples of a run folder. Throws a BenchError where they cannot be written. */
export function openSamples(folder: string): SampleWriter {
  const path = join(folder, SAMPLES_FILE)
  const { O_RDWR, O_APPEND, O_NOFOLLOW } = constants
  const fd = writing(path, () => openSync(path, O_RDWR | O_APPEND | O_NOFOLLOW))
  const append = writing(path, () => lineAppender(fd))
  return {
    append: (sample) => writing(path, () => append(`${JSON.stringify(sample)}\n`)),
    close: () => closeSync(fd),
  }
}

/**
 * Cuts off the end of the samples that a killed run was writing: what has no line end was acknowledged to nobody. Throws a BenchError
 * where they cannot be written.
 */
export function cutTornEnd(folder: string): void {
  const path = join(folder, SAMPLES_FILE)
  writing(path, () => {
    const fd = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW)
    try {
      cutTornLine(fd)
    } finally {
      closeSync(fd)
    }
  })
}

function writing<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw notWritten(path, error)
  }
}

/** Returns the error for a file of a run folder that cannot be written: its disk is full or failing, or the folder is gone. */
export function notWritten(path: string, cause: unknown): BenchError {
  return new BenchError(`${path} cannot be written: ${messageOf(cause)}`, {
    code: 'results.not-written',
    hint: 'free space, or give another folder: --output DIR; the samples so far are kept',
    exitCode: ExitCode.hostNotReady,
    cause,
  })
}

/** A run, and its samples as they are read: from the file each time, one at a time, since there may be a million. */
export interface StoredRun {
  /** Its warnings say, once samples were read to the end, which lines were left out. */
  run: Run
  samples: Iterable<Sample>
  /** Whether it lies there in an older schema: run.json is then left as it is, since its samples are of that schema, too. */
  isOlder: boolean
}

/**
 * Reads `run.json` of this or an older schema, and validates it. Throws a usage error that says what is wrong with it.
 *
 * Each sample is read and validated when it is asked for. A line that is none costs that line only: it is left out, with a
 * warning of the run.
 */
export function readRun(folder: string): StoredRun {
  const path = join(folder, RUN_FILE)
  const document = parseDocument(path, readText(path, folder))
  const version = versionOf(path, document)
  const result = runSchema.safeParse(isObject(document) ? migrateRun(document, version) : document)
  if (!result.success) throw invalid(path, result.error)
  const isOlder = version < RUN_SCHEMA_VERSION
  return { run: result.data, samples: samplesOf(folder, result.data, version), isOlder }
}

/** Returns the samples of a run that is known already; they are read as {@link readRun} says. */
export function samplesOf(folder: string, run: Run, version: number = RUN_SCHEMA_VERSION): Iterable<Sample> {
  const damage = createDamage(SAMPLES_FILE, run.warnings)
  return { [Symbol.iterator]: () => readSamples(folder, version, damage) }
}

function* readSamples(folder: string, version: number, damage: Damage): Generator<Sample> {
  const lines = linesOf(join(folder, SAMPLES_FILE), folder)
  for (let number = 1; ; number += 1) {
    const { done, value } = lines.next()
    if (done) {
      // A last line without its end was being written when the run was killed.
      if (value) damage.tornEnd()
      return
    }
    const sample = parseSample(value, version)
    if (typeof sample === 'string') damage.line(number, sample)
    else yield sample
  }
}

/** Returns the sample of a line, or why it is none. */
function parseSample(line: string, version: number): Sample | string {
  let document: unknown
  try {
    document = JSON.parse(line)
  } catch {
    return 'it is not JSON'
  }
  const result = sampleSchema.safeParse(isObject(document) ? migrateSample(document, version) : document)
  return result.success ? result.data : firstIssue(result.error)
}

function* linesOf(path: string, folder: string): Generator<string, boolean> {
  try {
    return yield* completeLines(path, MOST_LINE_BYTES)
  } catch (error) {
    throw unreadable(path, folder, error)
  }
}

function readText(path: string, folder: string): string {
  try {
    return readInputFile(path, MOST_RUN_BYTES)
  } catch (error) {
    throw unreadable(path, folder, error)
  }
}

function unreadable(path: string, folder: string, error: unknown): Error {
  const reason = messageOf(error).includes('ENOENT') ? 'is missing' : messageOf(error)
  return usageError(
    'run-folder',
    `${folder} is not a run folder: ${path} ${reason}`,
    'give the folder that bench run named',
  )
}

function parseDocument(where: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw usageError('run-folder', `${where} is not JSON: ${messageOf(error)}`)
  }
}

/** Returns the schema version of a run.json; throws a usage error where this program cannot read it. */
function versionOf(path: string, document: unknown): number {
  const version = isObject(document) ? document['schema'] : undefined
  if (typeof version === 'number' && version >= OLDEST_RUN_SCHEMA && version <= RUN_SCHEMA_VERSION)
    return version
  throw usageError(
    'run-schema',
    `${path} has schema ${String(version)}; this program reads ${OLDEST_RUN_SCHEMA} to ${RUN_SCHEMA_VERSION}`,
    'read it with the version of bench that wrote it',
  )
}

function invalid(where: string, error: z.ZodError): Error {
  return usageError('run-folder', `${where}: ${firstIssue(error)}`)
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`
}
