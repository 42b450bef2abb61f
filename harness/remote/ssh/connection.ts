/**
 * One connection to a host: commands run over it, one after the other or at once, and share one login.
 *
 * ssh(1) does the work, so that the user's configuration, agent, jump hosts and known hosts count. A master process of
 * ssh's holds the connection; commands are its clients (ssh_config(5): ControlMaster).
 */
import { existsSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { execa, type ResultPromise } from 'execa'
import type { RemoteHost } from '../../contracts/remote-host.ts'
import { newControlPath } from './control-path.ts'
import { exitCodeOf } from './failure.ts'
import { closeMaster, environment, openMaster } from './master.ts'
import { connectionArgs, optionArgs, remoteCommand } from './ssh-args.ts'

export interface RemoteOptions {
  /** Seconds. Without it there is no limit but that of a link that is cut. */
  timeout?: number
  /** Ends the ssh process; the command at the other end gets no signal, only closed pipes. */
  signal?: AbortSignal
}

export interface RunOptions extends RemoteOptions {
  /** Standard input of the command. Default: nothing. */
  input?: string
}

export interface RemoteResult {
  /** The command's own; 128 + n where signal n ended it. */
  exitCode: number
  stdout: string
  stderr: string
}

export interface RemoteStream {
  /**
   * Standard output, line by line without its newlines, until the command or the connection ends. To be read, or the
   * command waits. Leaving the loop early ends the ssh process.
   */
  readonly lines: AsyncIterable<string>
  /** Resolves when the command has ended. Throws as {@link Connection} says. */
  readonly ended: Promise<Omit<RemoteResult, 'stdout'>>
}

/**
 * Every method throws `ssh.unreachable` when the host cannot be reached or the link is lost, `ssh.no-sudo` when the
 * command needs root and sudo refuses, `ssh.timeout` after the time-out, and the signal's reason when it is aborted.
 * A command's own failure is no error: its exit code tells. 255 alone no command should end with, since ssh does.
 */
export interface Connection extends AsyncDisposable {
  readonly host: RemoteHost
  /** Logs in, and tells how long it took, in seconds. The other methods do so by themselves. */
  open(): Promise<number>
  /** Runs a command to its end. Its arguments arrive as they are given, whatever they hold. */
  run(argv: readonly string[], options?: RunOptions): Promise<RemoteResult>
  /** Runs a command whose output is read while it goes on. */
  stream(argv: readonly string[], options?: RemoteOptions): RemoteStream
  /** Runs a command with a file of this machine as its standard input. */
  sendFile(path: string, argv: readonly string[], options?: RemoteOptions): Promise<RemoteResult>
  /** Runs a command with a stream as its standard input. A failure of the stream is thrown. */
  sendStream(input: Readable, argv: readonly string[], options?: RemoteOptions): Promise<RemoteResult>
  /** Ends the connection and everything that uses it. A later use logs in again. */
  close(): Promise<void>
}

type Input = { input: string | Readable } | { inputFile: string } | { stdin: 'ignore' }

/** A connection that logs in when it is first used, and again when the link was lost in between. */
export function connectTo(host: RemoteHost): Connection {
  const controlPath = newControlPath()
  let opening: Promise<number> | null = null

  /** A caller during a login waits for that login. A master that ends removes its socket. */
  function open(): Promise<number> {
    if (opening === null && existsSync(controlPath)) return Promise.resolve(0)
    opening ??= openMaster(host, controlPath).finally(() => (opening = null))
    return opening
  }

  const argsOf = (argv: readonly string[]) => [
    ...optionArgs({ BatchMode: 'yes', ControlMaster: 'no', ControlPath: controlPath }),
    ...connectionArgs(host),
    '-T',
    '--',
    host.address,
    remoteCommand(host, argv),
  ]

  async function execute(
    argv: readonly string[],
    input: Input,
    options: RemoteOptions,
  ): Promise<RemoteResult> {
    await unlessAborted(open(), options.signal)
    const process = execa(host.program, argsOf(argv), { ...processOptions(options), ...input })
    letGoWhenKilled(process)
    const result = await process
    const { stdout, stderr } = result
    return { exitCode: exitCodeOf(result, { host, argv, ...options }), stdout, stderr }
  }

  /**
   * Starts a command and reads its lines in the same turn of the event loop: execa discards output that has no listener.
   */
  async function startStream(argv: readonly string[], options: RemoteOptions) {
    await unlessAborted(open(), options.signal)
    const process = execa(host.program, argsOf(argv), {
      ...processOptions(options),
      stdin: 'ignore',
      buffer: { stdout: false },
    })
    letGoWhenKilled(process)
    return { process, lines: process.iterable() }
  }

  function stream(argv: readonly string[], options: RemoteOptions = {}): RemoteStream {
    const leaving = new AbortController()
    const signal = AbortSignal.any([leaving.signal, ...(options.signal ? [options.signal] : [])])
    const started = startStream(argv, { ...options, signal })
    async function* lines(): AsyncGenerator<string, void, undefined> {
      for await (const line of (await started).lines) {
        let left = true
        try {
          yield line
          left = false
        } finally {
          // Before execa's own loop is left, which waits for the end of the process.
          if (left) leaving.abort()
        }
      }
    }
    async function end(): Promise<Omit<RemoteResult, 'stdout'>> {
      const result = await (await started).process
      return { exitCode: exitCodeOf(result, { host, argv, ...options, signal }), stderr: result.stderr }
    }
    const ended = end()
    // A caller that only reads the lines must not get an unhandled rejection at the end.
    ended.catch(() => undefined)
    return { lines: lines(), ended }
  }

  const close = async () => {
    await opening?.catch(() => undefined)
    if (existsSync(controlPath)) await closeMaster(host, controlPath)
  }

  return {
    host,
    open,
    stream,
    run: (argv, { input, ...options } = {}) =>
      execute(argv, input === undefined ? { stdin: 'ignore' } : { input }, options),
    sendFile: (path, argv, options = {}) => execute(argv, { inputFile: path }, options),
    sendStream: (input, argv, options = {}) => execute(argv, { input }, options),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Returns options that start ssh in its own process group: this program decides what Ctrl-C at the terminal does. */
function processOptions({ timeout, signal }: RemoteOptions) {
  return {
    reject: false,
    detached: true,
    stripFinalNewline: false,
    env: environment(),
    ...(timeout === undefined ? {} : { timeout: timeout * 1000 }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  } as const
}

/** Stops waiting for the output: the master also holds the pipes, until the remote command has ended. */
function letGoWhenKilled(process: Pick<ResultPromise, 'once' | 'killed' | 'stdout' | 'stderr'>): void {
  process.once('exit', () => {
    if (!process.killed) return
    process.stdout?.destroy()
    process.stderr?.destroy()
  })
}

/** Waits for the promise, or throws the signal's reason. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
