/** Starts the measuring process, hands it its order, passes signals on, and tells how it ended. */
import { ExitCode } from '../contracts/error.ts'
import { startMeasuring, type MeasuringEnd, type MeasuringProcess } from './child-process.ts'
import { errorMessage, type ErrorMessage, type FromChild, type ToChild } from './messages.ts'

/**
 * A measuring process that says nothing for so long hangs: it speaks at every step and every trial, and no trial of a
 * sensible size takes that long. Without this a nightly job would wait for ever.
 */
const SILENCE_MILLISECONDS = 30 * 60 * 1000

export interface SuperviseInputs {
  /** The command line that starts this program: `[...execArgv, main.js]`. */
  program: readonly string[]
  order: Exclude<ToChild, { type: 'stop' }>
  /** Hears each message. Where it throws, the measuring process is killed, and that is the error of the ending. */
  onMessage(message: FromChild): void
  /** Advice printed when the measuring process dies or hangs. */
  hint: string | null
  /** How long the measuring process may say nothing. Default: half an hour. */
  silenceMilliseconds?: number
  /** Registers what a signal does; returns how to unregister it. */
  onSignal(handler: (signal: NodeJS.Signals) => void): () => void
}

export interface Ending {
  /** It did all that it was to do. */
  finished: boolean
  /** Error that ended it, other than its own end or a signal to this process. */
  error: ErrorMessage | null
  /** The first that this process was sent. */
  signal: NodeJS.Signals | null
}

/** The first signal asks the measuring process to stop, the second ends it: the kernel and the journal do the rest. */
export async function supervise(inputs: SuperviseInputs): Promise<Ending> {
  const ending: Ending = { finished: false, error: null, signal: null }
  let doing = 'starting'
  let broken = false

  const silence = setTimeout(() => {
    ending.error = silent(doing, inputs.hint)
    measuring.kill()
  }, inputs.silenceMilliseconds ?? SILENCE_MILLISECONDS)

  function handle(message: FromChild): void {
    silence.refresh()
    doing = stepOf(message) ?? doing
    if (message.type === 'ready') measuring.send(inputs.order)
    if (message.type === 'error') ending.error ??= message.error
    if (message.type === 'done') ending.finished = !message.stopped
    if (!broken) hear(message)
  }

  /** An exception that left this function would end the program, with everything that was made still there. */
  function hear(message: FromChild): void {
    try {
      inputs.onMessage(message)
    } catch (error) {
      broken = true
      ending.error ??= errorMessage(error)
      measuring.kill()
    }
  }

  const measuring: MeasuringProcess = startMeasuring(inputs.program, handle)
  const unregister = inputs.onSignal((received) => {
    if (ending.signal === null) measuring.send({ type: 'stop' })
    else measuring.kill()
    ending.signal ??= received
  })
  const ended = await measuring.ended
  clearTimeout(silence)
  unregister()
  if (!ending.finished && ending.error === null && ending.signal === null) {
    ending.error = died(ended, inputs.hint)
  }
  return ending
}

/** Returns its activity from this message on, where the message tells it. */
function stepOf(message: FromChild): string | null {
  if (message.type === 'trial') return message.cell
  if (message.type === 'calibrating') return `calibration, ${message.what}`
  return message.type === 'preparing' ? `${message.configuration}, ${message.what}` : null
}

function silent(doing: string, hint: string | null): ErrorMessage {
  const message = `the measuring process gave no sign of life at ${doing}, and was ended`
  return { message, code: 'runner.silent', hint, exitCode: ExitCode.cellFailed, stack: null }
}

/** Message of unshare (util-linux 2.38), which exits with code 1 when its child is killed: it cannot pass the signal on. */
const UNSHARE_ON_SIGNAL = /^unshare: sigprocmask unblock failed.*$/m

/** Describes a measuring process that ended without a message. */
function died(ended: MeasuringEnd, hint: string | null): ErrorMessage {
  if (ended.notStarted !== null) return notStarted(ended.notStarted)
  const how =
    ended.signal ?? (UNSHARE_ON_SIGNAL.test(ended.stderr) ? 'a signal' : `code ${ended.code ?? 'unknown'}`)
  const said = ended.stderr.replace(UNSHARE_ON_SIGNAL, '').trim().split('\n').slice(-3).join(' / ')
  const message = `the measuring process ended with ${how}${said === '' ? '' : `: ${said}`}`
  return { message, code: 'runner.child-died', hint, exitCode: ExitCode.cellFailed, stack: null }
}

function notStarted({ message }: Error): ErrorMessage {
  return {
    message: `the measuring process could not be started: ${message}`,
    code: 'runner.not-started',
    hint: 'setpriv and unshare of util-linux are needed; bench doctor tells what else is',
    exitCode: ExitCode.hostNotReady,
    stack: null,
  }
}
