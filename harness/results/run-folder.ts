/** A run on disk. `run.json` is replaced atomically, samples are appended, each durable before the next is taken. */
import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { z } from 'zod'
import { messageOf, usageError } from '../contracts/error.ts'
import { RUN_SCHEMA_VERSION, runSchema, type Run } from '../contracts/run.ts'
import { sampleSchema, type Sample } from '../contracts/sample.ts'
import { completeLines } from './lines.ts'
import { isObject, migrateRun, migrateSample, OLDEST_RUN_SCHEMA } from './migrate.ts'

export const RUN_FILE = 'run.json'
export const SAMPLES_FILE = 'samples.ndjson'
export const REPORT_FILE = 'report.html'

/** `20260131-142501-k3x9`: sorts by time, unique on a fleet. */
export function makeRunId(now: Date, random: () => number): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll('-', '').replaceAll(':', '').replace('T', '-')
  const suffix = Math.floor(random() * 36 ** 4)
    .toString(36)
    .padStart(4, '0')
  return `${stamp}-${suffix}`
}

/** Makes the folder with no samples yet, so that it is one to read whenever the run ends. Throws a usage error. */
export function createRunFolder(output: string, id: string): string {
  const folder = join(output, id)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, SAMPLES_FILE), '')
  } catch (error) {
    throw usageError(
      'output',
      `no run folder can be made in ${output}: ${messageOf(error)}`,
      'give a folder that can be written: --output DIR',
    )
  }
  return folder
}

/** Written beside, synced and renamed, so that a reader sees the old or the new one whole. */
export function writeRun(folder: string, run: Run): void {
  writeDurably(join(folder, RUN_FILE), `${JSON.stringify(run, null, 2)}\n`)
}

export function writeDurably(path: string, content: string): void {
  const temporary = `${path}.tmp`
  const fd = openSync(temporary, 'w')
  try {
    writeFileSync(fd, content)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  renameSync(temporary, path)
  const directory = openSync(dirname(path), 'r')
  fsyncSync(directory)
  closeSync(directory)
}

export interface SampleWriter {
  append(sample: Sample): void
  close(): void
}

export function openSamples(folder: string): SampleWriter {
  const fd = openSync(join(folder, SAMPLES_FILE), 'a')
  return {
    append(sample) {
      writeSync(fd, `${JSON.stringify(sample)}\n`)
      fdatasyncSync(fd)
    },
    close: () => closeSync(fd),
  }
}

/** A run, and its samples as they are read: each time anew, one at a time, since there may be a million. */
export interface StoredRun {
  run: Run
  samples: Iterable<Sample>
}

/**
 * Reads `run.json` of this or an older schema, and validates it; each sample is read and validated when it is asked for. Both throw a usage error that
 * says what is wrong with which file, and with which line of it.
 */
export function readRun(folder: string): StoredRun {
  const path = join(folder, RUN_FILE)
  const document = parseDocument(path, readText(path, folder))
  const version = versionOf(path, document)
  const result = runSchema.safeParse(isObject(document) ? migrateRun(document, version) : document)
  if (!result.success) throw invalid(path, result.error)
  return { run: result.data, samples: { [Symbol.iterator]: () => readSamples(folder, version) } }
}

/** A last line without its end was being written when the run was killed; any other bad line is an error. */
function* readSamples(folder: string, version: number): Generator<Sample> {
  const path = join(folder, SAMPLES_FILE)
  let number = 0
  for (const line of linesOf(path, folder)) {
    number += 1
    const document = parseDocument(`${path} line ${number}`, line)
    const result = sampleSchema.safeParse(isObject(document) ? migrateSample(document, version) : document)
    if (!result.success) throw invalid(`${path} line ${number}`, result.error)
    yield result.data
  }
}

function* linesOf(path: string, folder: string): Generator<string> {
  try {
    yield* completeLines(path)
  } catch (error) {
    throw unreadable(path, folder, error)
  }
}

function readText(path: string, folder: string): string {
  try {
    return readFileSync(path, 'utf8')
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

/** The schema version of a run.json; throws a usage error where this program cannot read it. */
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
  const issue = error.issues[0]
  return usageError(
    'run-folder',
    `${where}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`,
  )
}
