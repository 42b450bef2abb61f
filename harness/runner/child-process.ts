/** Starts the measuring process in namespaces of its own and carries its messages. */
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import type { OpenJournal } from '../journal/journal.ts'
import { RUN_VARIABLE } from '../journal/rules.ts'
import { inProcessNamespace } from '../linux/privilege.ts'
import { MEASURE_COMMAND } from '../contracts/hidden-commands.ts'
import { hostProcVariable } from './host-proc.ts'
import type { FromChild, ToChild } from './messages.ts'

/** After standard input, output, error and the channel of messages; the lock of the journal is the next. */
const HOST_PROC = 4

/** How the measuring process ended. */
export interface MeasuringEnd {
  code: number | null
  signal: NodeJS.Signals | null
  /** The last of what it wrote on standard error. */
  stderr: string
  /** Why it could not be started, or null. */
  notStarted: Error | null
}

export interface MeasuringProcess {
  pid: number
  send(message: ToChild): void
  /** Ends it at once; the kernel then takes every process, mount and loop device of it. */
  kill(): void
  /** Lets go of it: one that does not end keeps this program from its end no longer. */
  abandon(): void
  ended: Promise<MeasuringEnd>
}

/**
 * `setpriv --pdeathsig` ends it with its parent; `unshare --kill-child` carries that into the process namespace.
 * `detached`, so that Ctrl-C at a terminal reaches only the parent, which then asks it to stop.
 */
export function startMeasuring(
  program: readonly string[],
  journal: Pick<OpenJournal, 'run' | 'lock'>,
  onMessage: (message: FromChild) => void,
): MeasuringProcess {
  const proc = openSync('/proc', 'r')
  const command = [process.execPath, ...program, MEASURE_COMMAND]
  const [file, ...args] = inProcessNamespace(command, { mounts: true, proc: true })
  const child: ChildProcess = spawn(file, args, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', proc, journal.lock],
    env: { ...process.env, ...hostProcVariable(HOST_PROC), [RUN_VARIABLE]: journal.run },
    detached: true,
  })
  closeSync(proc)
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-8192)
  })
  child.on('message', (message) => onMessage(message as FromChild))
  const ended = new Promise<MeasuringEnd>((done) => {
    child.once('error', (notStarted) => done({ code: null, signal: null, stderr: '', notStarted }))
    child.once('close', (code, signal) => done({ code, signal, stderr: stderr.trim(), notStarted: null }))
  })
  return {
    pid: child.pid ?? 0,
    // One that has just ended hears nothing any more, and needs nothing said.
    send: (message) => void child.send(message, () => undefined),
    kill: () => void child.kill('SIGKILL'),
    abandon() {
      child.unref()
      child.stderr?.destroy()
      if (child.connected) child.disconnect()
    },
    ended,
  }
}
