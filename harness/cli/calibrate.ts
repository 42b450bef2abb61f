/** `bench calibrate`: a calibration by itself, in the same namespaces and with the same journal as a run. */
import { constants } from 'node:os'
import { join } from 'node:path'
import { BenchError, ExitCode, exitCodeForSignal, usageError } from '../contracts/error.ts'
import type { Host } from '../contracts/host.ts'
import type { Calibration } from '../contracts/run.ts'
import { createHost } from '../host/index.ts'
import { openJournal } from '../journal/journal.ts'
import { EFFORTS } from '../measurement/calibration/effort.ts'
import { journalDirectory, scratchOf } from '../plan/plan.ts'
import { makeRunId } from '../results/run-folder.ts'
import { startMeasuring } from '../runner/child-process.ts'
import type { CalibrationJob, ErrorMessage, FromChild } from '../runner/messages.ts'
import { checkScratch } from '../runner/scratch.ts'
import { cleanUp, died } from '../runner/watch.ts'
import { useColor, type Context } from './context.ts'
import { requireRoot } from './namespace.ts'
import { createProgress } from './progress.ts'
import { asError, onSignal, RUNTIME_DIRECTORY } from './run.ts'

export interface CalibrateFlags {
  full?: true
  brief?: true
  scratch?: string
  device?: string
  destroy?: string
  json?: true
}

export async function calibrate(flags: CalibrateFlags, context: Context): Promise<number> {
  const { full, brief, json, ...where } = flags
  if (full && brief) {
    throw usageError('conflict', '--full and --brief exclude each other', '--full is the default')
  }
  const extent = brief ? 'brief' : 'full'
  const scratch = scratchOf(where, { scratchSize: EFFORTS[extent].area })
  const destroy = flags.destroy ?? null
  requireRoot('bench calibrate')
  const host = createHost({ record: () => undefined, settle: () => undefined })
  requireFio(host)
  await checkScratch(host, scratch, destroy)
  const runId = makeRunId(new Date(), Math.random)
  const journal = openJournal(journalDirectory(), runId)
  const directory = join(RUNTIME_DIRECTORY, runId.slice(-4))
  const job = { extent, scratch, destroy, runId, directory, journalDirectory: journalDirectory() } as const
  const progress = await createProgress(context.stderr, false)
  const ended = await inChild(job, context.program, (message) => progress.show(message))
  progress.finish()
  journal.close()
  const notCleaned = await cleanUp({ journalPath: journal.path, host })
  for (const { entry, error } of notCleaned) {
    context.stderr.write(`bench: could not be removed: ${entry.kind}: ${error} (bench clean tries again)\n`)
  }
  if (ended.signal !== null) return exitCodeForSignal(constants.signals[ended.signal])
  if (ended.error !== null) throw asError(ended.error)
  if (ended.calibration !== null) await print(ended.calibration, json ?? false, context)
  return notCleaned.length > 0 ? ExitCode.notCleaned : ExitCode.done
}

function requireFio(host: Host): void {
  if (host.which('fio') !== null) return
  throw new BenchError('fio is not installed: without it the disk cannot be calibrated', {
    code: 'host.no-program',
    hint: 'npm run setup installs it',
    exitCode: ExitCode.hostNotReady,
  })
}

interface Ended {
  calibration: Calibration | null
  error: ErrorMessage | null
  signal: NodeJS.Signals | null
}

/** The first signal asks the measuring process to stop, the second ends it. */
async function inChild(
  job: CalibrationJob,
  program: readonly string[],
  onMessage: (message: FromChild) => void,
): Promise<Ended> {
  const ended: Ended = { calibration: null, error: null, signal: null }
  let finished = false
  const measuring = startMeasuring(program, (message) => {
    if (message.type === 'ready') measuring.send({ type: 'calibrate', job })
    if (message.type === 'calibrated') ended.calibration = message.calibration
    if (message.type === 'error') ended.error = message.error
    if (message.type === 'done') finished = true
    onMessage(message)
  })
  const unregister = onSignal((received) => {
    if (ended.signal === null) measuring.send({ type: 'stop' })
    else measuring.kill()
    ended.signal ??= received
  })
  const ending = await measuring.ended
  unregister()
  if (!finished && ended.error === null && ended.signal === null)
    ended.error = { ...died(ending), hint: null }
  return ended
}

async function print(calibration: Calibration, json: boolean, context: Context): Promise<void> {
  const { stdout } = context
  const text = json
    ? JSON.stringify(calibration)
    : await context.describeCalibration(calibration, useColor(stdout))
  stdout.write(`${text}\n`)
}
