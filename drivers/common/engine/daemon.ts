/** The daemon of a container engine, which bench starts for one store: with folders and a socket of its own. */
import { lstatSync } from 'node:fs'
import { createConnection } from 'node:net'
import { BenchError, ExitCode } from '../../../harness/contracts/error.ts'
import type { Host, JournalEntry } from '../../../harness/contracts/host.ts'
import { withLastLines } from '../../../harness/linux/last-lines.ts'
import { startTimeOf } from '../../../harness/linux/process.ts'
import { until } from '../../../harness/linux/until.ts'

const POLL_MILLISECONDS = 5
/** A daemon of Go on a busy emulated machine. */
const START_SECONDS = 60
/** Lines of what the daemon wrote that an error quotes. */
const QUOTED_LINES = 3

export interface EngineProgram {
  program: string
  args: readonly string[]
  /** What messages call it. Default: the program. */
  name?: string
  /** A unix socket that the daemon will listen on. A path of at most 107 bytes: unix(7). */
  socket: string
  env?: Record<string, string>
}

/** A daemon that takes connections. Disposing it ends it; what it mounted and wrote is the store's to remove. */
export interface EngineDaemon extends AsyncDisposable {
  readonly pid: number
  readonly socket: string
  /** Returns why no call can succeed any longer, with the daemon's last lines; undefined while it runs. */
  failure(): BenchError | undefined
}

/** Starts a daemon and waits until its socket takes connections. Throws `driver.no-daemon` where it ends before or takes too long. */
export async function startEngine(
  host: Host,
  { program, args, name = program, socket, env = {} }: EngineProgram,
): Promise<EngineDaemon> {
  const daemon = host.daemon(program, args, { env })
  const entry: JournalEntry = {
    kind: 'process',
    pid: daemon.pid,
    startTime: startTimeOf(daemon.pid) ?? 0,
    name,
  }
  host.journal.record(entry)
  let isOpen = true
  async function stop() {
    if (!isOpen) return
    isOpen = false
    await daemon.stop()
    host.journal.forget(entry)
  }
  const said = (what: string) => withLastLines(`${name} ${what}`, daemon.stderr(), QUOTED_LINES)
  try {
    const error = () => noDaemon(said(`did not listen on ${socket} within ${START_SECONDS} s`))
    const isReady = () => {
      if (!daemon.running()) throw noDaemon(said('did not start'))
      return isListening(socket)
    }
    await until(isReady, { every: POLL_MILLISECONDS, within: START_SECONDS * 1000, error })
  } catch (error) {
    await stop()
    throw error
  }
  return {
    pid: daemon.pid,
    socket,
    failure: () => (isOpen && !daemon.running() ? noDaemon(said('ended while it was needed')) : undefined),
    [Symbol.asyncDispose]: stop,
  }
}

async function isListening(socket: string): Promise<boolean> {
  if (lstatSync(socket, { throwIfNoEntry: false }) === undefined) return false
  return new Promise((resolve) => {
    const connection = createConnection(socket)
    const answer = (isThere: boolean) => {
      connection.destroy()
      resolve(isThere)
    }
    connection.once('connect', () => answer(true))
    connection.once('error', () => answer(false))
  })
}

function noDaemon(message: string): BenchError {
  return new BenchError(message, { code: 'driver.no-daemon', exitCode: ExitCode.cellFailed })
}
