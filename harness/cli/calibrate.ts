/** `bench calibrate`: a calibration by itself, in the same namespaces and with the same journal as a run. */
import { constants } from 'node:os'
import { BenchError, ExitCode, exitCodeForSignal, usageError } from '../contracts/error.ts'
import { fromData } from '../contracts/error-data.ts'
import type { Host } from '../contracts/host.ts'
import type { Calibration } from '../contracts/calibration.ts'
import { unrecordedHost } from '../host/index.ts'
import { setUpCommand } from '../linux/package.ts'
import { openJournal } from '../journal/journal.ts'
import { runtimeDirectory } from '../journal/runtime-directory.ts'
import { scratchDirectory, journalDirectory } from '../linux/xdg.ts'
import { cleanUpUnlessStuck } from '../runner/watch.ts'
import { EFFORTS } from '../measurement/calibration/effort.ts'
import { scratchOf } from '../plan/scratch.ts'
import { makeRunId } from '../results/run-folder.ts'
import { placesOf } from '../runner/run.ts'
import { checkScratch } from '../runner/scratch.ts'
import { supervise } from '../runner/supervise.ts'
import { type Context } from './context.ts'
import { useColor } from '../terminal/color.ts'
import { requireRoot } from './namespace.ts'
import { holdSignals } from './on-signal.ts'
import { printNotCleaned } from './print-result.ts'
import { createProgress } from './progress.ts'

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
  const scratch = scratchOf(where, { scratchSize: EFFORTS[extent].area }, scratchDirectory())
  const destroy = flags.destroy ?? null
  requireRoot('bench calibrate')
  const host = unrecordedHost()
  requireFio(host)
  const device = await checkScratch(host, scratch, destroy)
  const runId = makeRunId(new Date(), Math.random)
  using signals = holdSignals()
  const journal = openJournal(journalDirectory(), runId, placesOf(scratch))
  const directory = runtimeDirectory(runId)
  const job = {
    extent,
    scratch,
    destroy,
    device,
    runId,
    directory,
    journalDirectory: journalDirectory(),
  } as const
  const progress = await createProgress(context, false)
  const found: { calibration?: Calibration } = {}
  const ended = await supervise({
    program: context.program,
    command: { type: 'calibrate', job },
    journal,
    hint: null,
    onMessage(message) {
      if (message.type === 'calibrated') found.calibration = message.calibration
      return progress.show(message)
    },
    onSignal: signals.onSignal,
  })
  progress.finish()
  const notCleaned = await cleanUpUnlessStuck({ host, journal }, ended.error)
  journal.close()
  printNotCleaned(notCleaned, context)
  if (signals.first !== null) return exitCodeForSignal(constants.signals[signals.first])
  if (ended.error !== null) throw fromData(ended.error)
  if (found.calibration !== undefined) await print(found.calibration, json ?? false, context)
  return notCleaned.length > 0 ? ExitCode.notCleaned : ExitCode.done
}

function requireFio(host: Host): void {
  if (host.which('fio') !== null) return
  throw new BenchError('fio is not installed; it is needed to calibrate the disk', {
    code: 'host.no-program',
    hint: `${setUpCommand()} installs it`,
    exitCode: ExitCode.hostNotReady,
  })
}

async function print(calibration: Calibration, json: boolean, context: Context): Promise<void> {
  const { stdout } = context
  const text = json
    ? JSON.stringify(calibration)
    : await context.describeCalibration(calibration, useColor(stdout))
  stdout.write(`${text}\n`)
}
