/** Streams the events of a job to a follower: first those so far, then new ones until its end. */
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ExitCode, usageError } from '../../contracts/error.ts'
import type { JobEvent } from '../../contracts/job.ts'
import type { Run } from '../../contracts/run.ts'
import { wholeLines } from '../../linux/lines.ts'
import { readRun, RUN_FILE, SAMPLES_FILE, writeRun, markInterrupted } from '../../results/run-folder.ts'
import { findRun, readEnd, stateOf, wasRestarted, type JobEnd, type JobFolder } from './job-folder.ts'
import { replaceFile } from '../../linux/replace-file.ts'

export interface FollowOptions {
  /** The byte of samples.ndjson from which on they are asked for. */
  samplesFrom: number
  /** Leave when everything up to now has been said. */
  once: boolean
  /** Returns when the event is on its way. */
  emit(event: JobEvent): void
}

/** Two looks a second cost the host next to nothing, and are soon enough for a person. */
const MILLISECONDS_BETWEEN = 500
const ALIVE_MILLISECONDS = 5000

/**
 * Emits the events of contracts/job.ts. Only reads, but for a job that died: its end is written for it. Throws a usage
 * error where there is no such job.
 */
export async function follow(folder: JobFolder, { samplesFrom, once, emit }: FollowOptions): Promise<void> {
  let lastSaid = performance.now()
  const say = (event: JobEvent) => {
    lastSaid = performance.now()
    emit(event)
  }
  const tell = teller(folder, samplesFrom, say)
  let before: string | null = null
  for (;;) {
    // Looked at before the files are read: then nothing comes after what is read beside an end.
    const state = stateOf(folder)
    if (state === 'died') writeEndOf(folder)
    if (state === 'none') throw usageError('no-job', `there is no job ${folder.id} on this host`)
    if (state !== before) say({ type: 'state', state })
    before = state
    tell()
    const end = readEnd(folder)
    if (end !== null && state !== 'running') return say({ type: 'end', ...end })
    if (once) return
    if (performance.now() - lastSaid >= ALIVE_MILLISECONDS) say({ type: 'alive' })
    await sleep(MILLISECONDS_BETWEEN)
  }
}

/** Says what is new since it was last called: samples first, since run.json speaks of them. */
function teller(folder: JobFolder, samplesFrom: number, say: (event: JobEvent) => void): () => void {
  const tellProgress = progressTeller(folder, say)
  let samplesAt = samplesFrom
  let version: string | null = null
  return () => {
    const path = findRun(folder)
    if (path !== null) {
      for (const { offset, text } of wholeLines(join(path, SAMPLES_FILE), samplesAt)) {
        say({ type: 'samples', offset, text })
        samplesAt = offset + Buffer.byteLength(text)
      }
      const present = versionOf(join(path, RUN_FILE))
      const run = present === version ? null : readIfThere(path)
      if (run !== null) say({ type: 'run', run })
      version = present
    }
    tellProgress()
  }
}

/** A late follower gets one line first: what the job does now, not everything that it did. */
function progressTeller(folder: JobFolder, say: (event: JobEvent) => void): () => void {
  let at = 0
  let first = true
  return () => {
    const lines: string[] = []
    for (const { offset, text } of wholeLines(folder.progress, at)) {
      lines.push(...text.split('\n').slice(0, -1))
      at = offset + Buffer.byteLength(text)
    }
    for (const text of first ? lines.slice(-1) : lines) say({ type: 'progress', text })
    first = false
  }
}

/** A run that ends before its first sample takes its folder away, maybe just now. */
function readIfThere(path: string): Run | null {
  try {
    return readRun(path).run
  } catch (error) {
    if (existsSync(join(path, RUN_FILE))) throw error
    return null
  }
}

/**
 * Returns the version of the file, null if it is gone. The file is always replaced as a whole, so another file is another
 * version.
 */
function versionOf(path: string): string | null {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? null : `${stat.ino} ${stat.mtimeMs}`
}

/** The process of the job is gone without a word: what can be said for it is that its run was interrupted. */
function writeEndOf(folder: JobFolder): void {
  const path = findRun(folder)
  if (path !== null) {
    const { run } = readRun(path)
    if (run.state === 'running') {
      markInterrupted(run)
      writeRun(path, run)
    }
  }
  const message = wasRestarted(folder)
    ? 'the host was restarted while it measured'
    : 'its process ended without a word: it was killed'
  const hint = 'what was measured until then is kept'
  const end: JobEnd = { exitCode: ExitCode.cellFailed, error: { message, hint } }
  replaceFile(folder.end, `${JSON.stringify(end)}\n`)
}
