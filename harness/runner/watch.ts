/** The parent of a run: starts the measuring process, keeps run.json, and leaves nothing behind. */
import { ExitCode } from '../contracts/error.ts'
import type { Host } from '../contracts/host.ts'
import type { Run } from '../contracts/run.ts'
import { deleteJournal, readJournal } from '../journal/journal.ts'
import { undo, type UndoResult } from '../journal/undo.ts'
import { writeRun } from '../results/run-folder.ts'
import { startMeasuring, type MeasuringProcess } from './child-process.ts'
import type { ErrorMessage, FromChild, Job } from './messages.ts'

/** Run.json is rewritten at most this often while measuring: samples are durable by themselves. */
const REWRITE_MILLISECONDS = 2000

/**
 * A measuring process that says nothing for so long hangs: it speaks at every step and every trial, and no trial of a
 * sensible size takes that long. Without this a nightly job would wait for ever.
 */
const SILENCE_MILLISECONDS = 30 * 60 * 1000

export interface WatchInputs {
  /** The command line that starts this program: `[...execArgv, main.js]`. */
  program: readonly string[]
  job: Job
  run: Run
  journalPath: string
  host: Pick<Host, 'syscalls' | 'run' | 'which'>
  onMessage(message: FromChild): void
  /** How long the measuring process may say nothing. Default: half an hour. */
  silenceMilliseconds?: number
  /** Registers what a signal does; returns how to unregister it. */
  onSignal(handler: (signal: NodeJS.Signals) => void): () => void
}

export interface WatchResult {
  run: Run
  /** What ended the measuring process, other than its own end. */
  error: ErrorMessage | null
  signal: NodeJS.Signals | null
  /** What the run left and could not be removed. */
  notCleaned: readonly UndoResult[]
}

export async function watch(inputs: WatchInputs): Promise<WatchResult> {
  const { run, job } = inputs
  let error: ErrorMessage | null = null
  let signal: NodeJS.Signals | null = null
  let finished = false
  let written = 0
  let doing = 'starting'

  const silence = setTimeout(() => {
    error = silent(doing)
    measuring.kill()
  }, inputs.silenceMilliseconds ?? SILENCE_MILLISECONDS)

  function handle(message: FromChild): void {
    silence.refresh()
    if (message.type === 'trial') doing = message.cell
    if (message.type === 'calibrating') doing = `calibration, ${message.what}`
    if (message.type === 'preparing') doing = `${message.driver}, ${message.what}`
    if (message.type === 'ready') measuring.send({ type: 'job', job })
    if (message.type === 'error') error = message.error
    if (message.type === 'done') finished = !message.stopped
    keep(run, message)
    if (Date.now() - written > REWRITE_MILLISECONDS) {
      writeRun(job.runFolder, run)
      written = Date.now()
    }
    inputs.onMessage(message)
  }

  const measuring: MeasuringProcess = startMeasuring(inputs.program, handle)
  const unregister = inputs.onSignal((received) => {
    // The second one is not asked but ended: the kernel and the journal do the rest.
    if (signal === null) measuring.send({ type: 'stop' })
    else measuring.kill()
    signal ??= received
  })
  const ending = await measuring.ended
  clearTimeout(silence)
  unregister()
  if (!finished && error === null && signal === null) error = died(ending)
  conclude(run, finished, error)
  const notCleaned = await cleanUp(inputs)
  writeRun(job.runFolder, run)
  return { run, error, signal, notCleaned }
}

/** What a message changes in run.json. */
function keep(run: Run, message: FromChild): void {
  if (message.type === 'image') run.images[message.id] = message.info
  if (message.type === 'calibrated') run.calibration = message.calibration
  if (message.type === 'stopped') run.stopped = message.reason
  if (message.type === 'warning') run.warnings.push(message.warning)
  if (message.type === 'outcome') for (const cell of message.cells) run.outcomes[cell] = message.outcome
}

function conclude(run: Run, finished: boolean, error: ErrorMessage | null): void {
  run.endedAt = new Date().toISOString()
  run.state = finished ? 'completed' : error === null ? 'interrupted' : 'failed'
  for (const cell of run.cells) {
    if (run.outcomes[cell.id]?.state === 'pending') run.outcomes[cell.id] = { state: 'aborted' }
  }
}

function silent(doing: string): ErrorMessage {
  return {
    message: `the measuring process gave no sign of life at ${doing}, and was ended`,
    code: 'runner.silent',
    hint: 'what was measured until then is kept; bench report draws it',
    exitCode: ExitCode.cellFailed,
    stack: null,
  }
}

/** What unshare of util-linux 2.38 says, and ends with code 1, when its child is killed: it cannot pass the signal on. */
const UNSHARE_ON_SIGNAL = /^unshare: sigprocmask unblock failed.*$/m

/** What there is to say of a measuring process that ended without a word. */
export function died(ending: {
  code: number | null
  signal: NodeJS.Signals | null
  stderr: string
}): ErrorMessage {
  const how =
    ending.signal ?? (UNSHARE_ON_SIGNAL.test(ending.stderr) ? 'a signal' : `code ${ending.code ?? 'unknown'}`)
  const said = ending.stderr.replace(UNSHARE_ON_SIGNAL, '').trim().split('\n').slice(-3).join(' / ')
  return {
    message: `the measuring process ended with ${how}${said === '' ? '' : `: ${said}`}`,
    code: 'runner.child-died',
    hint: 'what was measured until then is kept; bench report draws it',
    exitCode: ExitCode.cellFailed,
    stack: null,
  }
}

/** After an orderly end nothing is open in the journal; after any other, what is gets undone here. */
export async function cleanUp(
  inputs: Pick<WatchInputs, 'journalPath' | 'host'>,
): Promise<readonly UndoResult[]> {
  const { open } = readJournal(inputs.journalPath)
  const failed = (await undo(inputs.host, open)).filter((result) => result.error !== null)
  if (failed.length === 0) deleteJournal(inputs.journalPath)
  return failed
}
