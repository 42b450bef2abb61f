/** Starts the measuring process, hands it its command, passes signals on, and tells how it ended. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ExitCode } from '../contracts/error.ts'
import { toData, type ErrorData } from '../contracts/error-data.ts'
import { endHolders } from '../journal/end-run.ts'
import type { OpenJournal } from '../journal/journal.ts'
import { withLastLines } from '../linux/last-lines.ts'
import { descendantsOf, programOf } from '../linux/process.ts'
import { startMeasuring, type MeasuringEnd, type MeasuringProcess } from './child-process.ts'
import type { FromChild, ParentCommand } from './messages.ts'

/**
 * A measuring process that says nothing for so long hangs: it speaks at every step and every trial, and no trial of a
 * sensible size takes that long. Without this a nightly job would wait for ever.
 */
const SILENCE_MILLISECONDS = 30 * 60 * 1000

/**
 * Longest time until the first message. setpriv and unshare take milliseconds; Node on an emulated processor that is shared with
 * others takes half a minute.
 */
const START_MILLISECONDS = 5 * 60 * 1000

/** The code of the error of a measuring process that cannot be killed. */
export const STUCK = 'runner.stuck'

export interface SuperviseInputs {
  /** The command line that starts this program: `[...execArgv, main.js]`. */
  program: readonly string[]
  command: ParentCommand
  /** The run's: the measuring process holds its lock, too. */
  journal: Pick<OpenJournal, 'path' | 'lock' | 'run'>
  /**
   * Called with each message; a trial begins when it is done with the trial's. If it fails, the measuring process is killed,
   * and that error ends the run.
   */
  onMessage(message: FromChild): void | Promise<void>
  /** Advice printed when the measuring process dies or hangs. */
  hint: string | null
  /** How long the measuring process may take to start. Default: five minutes. */
  startMilliseconds?: number
  /** How long the measuring process may say nothing. Default: half an hour. */
  silenceMilliseconds?: number
  /** How long one that was killed may take to end. Default: half a minute. */
  patienceMilliseconds?: number
  /** Registers what a signal does; returns how to unregister it. */
  onSignal(handler: (signal: NodeJS.Signals) => void): () => void
}

export interface Ending {
  /** It did all that it was to do. */
  finished: boolean
  /** Error that ended it, other than its own end or a signal to this process. */
  error: ErrorData | null
  /** The first that this process was sent. */
  signal: NodeJS.Signals | null
}

/** The first signal asks the measuring process to stop, the second ends it: the kernel and the journal do the rest. */
export async function supervise(inputs: SuperviseInputs): Promise<Ending> {
  const ending: Ending = { finished: false, error: null, signal: null }
  let doing = 'starting'
  let broken = false

  function handle(message: FromChild): void {
    clearTimeout(start)
    silence.refresh()
    doing = stepOf(message) ?? doing
    if (message.type === 'ready') measuring.send(inputs.command)
    if (message.type === 'error') ending.error ??= message.error
    if (message.type === 'done') ending.finished = !message.stopped
    if (!broken) void hear(message)
  }

  /** An exception that left this function would end the program, with everything that was made still there. */
  async function hear(message: FromChild): Promise<void> {
    try {
      await inputs.onMessage(message)
      if (message.type === 'trial') measuring.send({ type: 'drawn' })
    } catch (error) {
      broken = true
      ending.error ??= toData(error)
      kill()
    }
  }

  const measuring = startMeasuring(inputs.program, inputs.journal, handle)
  const { kill, stuck } = killing(measuring, inputs)
  const endAfter = (milliseconds: number, hangs: () => ErrorData) =>
    setTimeout(() => {
      ending.error ??= hangs()
      kill()
    }, milliseconds)
  const longestStart = inputs.startMilliseconds ?? START_MILLISECONDS
  const start = endAfter(longestStart, () => hangsAtStart(measuring.pid, longestStart))
  const silence = endAfter(inputs.silenceMilliseconds ?? SILENCE_MILLISECONDS, () =>
    silent(doing, inputs.hint),
  )
  const unregister = inputs.onSignal((received) => {
    if (ending.signal === null) measuring.send({ type: 'stop' })
    else kill()
    ending.signal ??= received
  })
  try {
    const ended = await Promise.race([measuring.ended, stuck])
    if (isStuck(ended)) ending.error = doesNotEnd(ended, doing)
    else if (!ending.finished && ending.error === null && ending.signal === null)
      ending.error = died(ended, inputs.hint)
    return ending
  } finally {
    for (const timer of [start, silence]) clearTimeout(timer)
    unregister()
    measuring.abandon()
  }
}

/** Returns what kills the measuring process, and a promise that comes when that did not end it. */
function killing(measuring: MeasuringProcess, inputs: SuperviseInputs) {
  let kill: () => void = () => undefined
  const stuck = new Promise<readonly number[]>((resolve, reject) => {
    kill = () => {
      kill = () => undefined
      measuring.kill()
      endKilled(measuring, inputs).then(resolve, reject)
    }
  })
  return { kill: () => kill(), stuck }
}

/** How long the end of a killed process may take to arrive. */
const FAREWELL_MILLISECONDS = 5000

/** Ends what SIGKILL left of the measuring process. Returns what is still there when the end ought to have come. */
async function endKilled(
  measuring: MeasuringProcess,
  { journal, patienceMilliseconds }: SuperviseInputs,
): Promise<readonly number[]> {
  const left = await endHolders(journal.path, patienceMilliseconds)
  if (left.length > 0) return left
  await sleep(FAREWELL_MILLISECONDS, undefined, { ref: false })
  return [measuring.pid]
}

function isStuck(ended: MeasuringEnd | readonly number[]): ended is readonly number[] {
  return Array.isArray(ended)
}

/** Gives the measuring process's error where the kernel holds it: what it has made cannot be removed yet. */
function doesNotEnd(left: readonly number[], doing: string): ErrorData {
  return {
    message: `the measuring process (${left.join(', ')}) hangs in the kernel at ${doing} and cannot be killed`,
    code: STUCK,
    hint: 'bench clean removes what it made when it has ended, or the machine was started again',
    exitCode: ExitCode.notCleaned,
    stack: null,
  }
}

/** Returns its activity from this message on, where the message tells it. */
function stepOf(message: FromChild): string | null {
  if (message.type === 'trial') return message.cell
  if (message.type === 'calibrating') return `calibration, ${message.what}`
  return message.type === 'preparing' ? `${message.configuration}, ${message.what}` : null
}

function silent(doing: string, hint: string | null): ErrorData {
  const message = `the measuring process gave no sign of life at ${doing}, and was ended`
  return { message, code: 'runner.silent', hint, exitCode: ExitCode.cellFailed, stack: null }
}

/** Describes a measuring process that has not started, with the programs that run in its place. */
function hangsAtStart(pid: number, milliseconds: number): ErrorData {
  const names = [pid, ...descendantsOf(pid)].flatMap((each) => programOf(each) ?? [])
  return {
    message: `the measuring process did not start within ${milliseconds / 1000} s and was killed at: ${names.join(', ')}`,
    code: 'runner.not-started',
    hint: 'try by hand what starts it: setpriv --pdeathsig KILL unshare --mount --pid --fork --mount-proc true',
    exitCode: ExitCode.hostNotReady,
    stack: null,
  }
}

/** Message of unshare (util-linux 2.38), which exits with code 1 when its child is killed: it cannot pass the signal on. */
const UNSHARE_ON_SIGNAL = /^unshare: sigprocmask unblock failed.*$/m

/** Describes a measuring process that ended without a message. */
function died(ended: MeasuringEnd, hint: string | null): ErrorData {
  if (ended.notStarted !== null) return notStarted(ended.notStarted)
  const how =
    ended.signal ?? (UNSHARE_ON_SIGNAL.test(ended.stderr) ? 'a signal' : `code ${ended.code ?? 'unknown'}`)
  const said = ended.stderr.replace(UNSHARE_ON_SIGNAL, '')
  const message = withLastLines(`the measuring process ended with ${how}`, said, 3)
  return { message, code: 'runner.child-died', hint, exitCode: ExitCode.cellFailed, stack: null }
}

function notStarted({ message }: Error): ErrorData {
  return {
    message: `the measuring process could not be started: ${message}`,
    code: 'runner.not-started',
    hint: 'setpriv and unshare of util-linux are needed; bench doctor tells what else is',
    exitCode: ExitCode.hostNotReady,
    stack: null,
  }
}
