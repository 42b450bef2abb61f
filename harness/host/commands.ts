import { once } from 'node:events'
import { accessSync, closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { execa, type Result } from 'execa'
import { BenchError, ExitCode } from '../contracts/error.ts'
import type { CommandOptions, CommandResult, Daemon, Piped, PipeOptions } from '../contracts/host.ts'
import { SyscallError } from '../contracts/syscalls.ts'
import { killProgram } from '../linux/kill-program.ts'
import { withLastLines } from '../linux/last-lines.ts'
import { check, functions } from '../linux/libc.ts'
import { programMissing, programNotStarted } from '../linux/program-errors.ts'
import { makePipe, spawnProcess, type Spawned, type SpawnInputs } from './spawn.ts'

const DEFAULT_TIMEOUT_SECONDS = 120
const STDERR_KEPT = 8192
/** sys/mman.h */
const MFD_CLOEXEC = 1
const SBIN = ['/usr/local/sbin', '/usr/sbin', '/sbin']

/**
 * Returns the absolute path of a program, in PATH and the sbin folders, which an unprivileged PATH lacks; null where it is in none
 * of them. A file that is not executable is passed over, as by a shell, and returned only where there is no other: that program
 * is installed and broken, and starting it says so.
 */
export function which(program: string): string | null {
  if (program.includes('/')) return program
  let broken: string | null = null
  for (const folder of [...(process.env['PATH'] ?? '').split(':'), ...SBIN]) {
    if (folder === '') continue
    const path = join(folder, program)
    try {
      if (!statSync(path).isFile()) continue
      broken ??= path
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // not in this folder, or not executable
    }
  }
  return broken
}

/** Runs a command to its end; see `Host.run`. */
export async function run(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const timeout = options.timeout ?? DEFAULT_TIMEOUT_SECONDS
  let timedOut = false
  const path = resolve(program)
  const child = execa(path, args, {
    reject: false,
    stripFinalNewline: false,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', ...handedOn(options)],
    ...(options.input === undefined ? {} : { input: options.input }),
    ...location(options),
  })
  // With all that it has started: a child that has its output open would keep this waiting.
  const timer = setTimeout(() => {
    timedOut = true
    killProgram(child.pid ?? null)
  }, timeout * 1000)
  const result = await child
  clearTimeout(timer)
  if (child.pid === undefined) throw programNotStarted(path, result.cause)
  const exitCode = result.exitCode ?? -1
  const accepted = !timedOut && (options.accept ?? [0]).includes(exitCode)
  if (!accepted) throw commandFailed([program, ...args], result, timedOut ? timeout : null)
  return { exitCode, stdout: result.stdout, stderr: result.stderr }
}

/** execa hands numbers on as they are, also beyond standard error, where its types leave them out. */
function handedOn({ descriptors = [] }: CommandOptions): 'inherit'[] {
  return [...descriptors] as unknown as 'inherit'[]
}

/** `timeout`: seconds that it was given, of one that took longer. */
function commandFailed(
  command: readonly string[],
  result: Pick<Result, 'signal' | 'exitCode' | 'shortMessage'> & { stderr: string },
  timeout: number | null,
): BenchError {
  const ending =
    timeout !== null
      ? `did not end within ${timeout} s`
      : result.signal
        ? `was ended by ${result.signal}`
        : `ended with ${result.exitCode ?? result.shortMessage}`
  return new BenchError(withLastLines(`${command.join(' ')} ${ending}`, result.stderr, 3), {
    code: 'host.command-failed',
    exitCode: ExitCode.cellFailed,
  })
}

/** Starts a process that serves until it is stopped; see `Host.daemon`. */
export function daemon(
  program: string,
  args: readonly string[],
  options: Pick<CommandOptions, 'cwd' | 'env'> = {},
): Daemon {
  const log = openLog()
  const nowhere = openSync('/dev/null', 'w')
  let stderr: string | null = null
  let isRunning = true
  const { pid, exited } = startDaemon()
  const over = watch()

  function startDaemon(): Spawned {
    try {
      return startProcess(program, args, options, { stdout: nowhere, stderr: log })
    } catch (error) {
      closeSync(log)
      throw error
    } finally {
      closeSync(nowhere)
    }
  }

  async function watch(): Promise<void> {
    await exited
    isRunning = false
    stderr = endOfLog(log)
    closeSync(log)
  }

  const kill = (signal: NodeJS.Signals) => void (isRunning && process.kill(pid, signal))
  const ended = async (seconds = 10) => {
    const timer = setTimeout(() => kill('SIGKILL'), seconds * 1000)
    await over
    clearTimeout(timer)
  }
  return {
    pid,
    stderr: () => stderr ?? endOfLog(log),
    running: () => isRunning,
    ended,
    async stop() {
      kill('SIGTERM')
      await ended(5)
    },
  }
}

/**
 * A file in memory for what a daemon says: made by one system call, since starting a FUSE daemon is part of a timed mount.
 * Not a pipe: a daemon that talks much would fill it and wait for a reader, while this process waits for the daemon in a
 * system call on its mount.
 */
function openLog(): number {
  return check(functions.memfdCreate('daemon-log', MFD_CLOEXEC) as number, 'memfd_create', '')
}

function endOfLog(log: number): string {
  const buffer = Buffer.alloc(STDERR_KEPT)
  const start = Math.max(0, fstatSync(log).size - STDERR_KEPT)
  return buffer.toString('utf8', 0, readSync(log, buffer, 0, STDERR_KEPT, start)).trim()
}

/** Starts a process and watches its standard output; see `Host.pipe`. */
export function pipe(program: string, args: readonly string[], options: PipeOptions = {}): Piped {
  const pipes = { stdout: makePipe(), stderr: makePipe() }
  const { pid, exited } = startWith(pipes, program, args, options)
  let isRunning = true
  void exited.then(() => (isRunning = false))
  const output = { stdout: '', stderr: '' }
  const [stdout, stderr] = (['stdout', 'stderr'] as const).map((name) => {
    const stream = new Socket({ fd: pipes[name].read, readable: true, writable: false })
    stream.on('data', (chunk: Buffer) => (output[name] += chunk.toString()))
    return stream
  }) as [Socket, Socket]
  const { hear } = options
  if (hear !== undefined)
    stdout.on('data', (chunk: Buffer) => hear(chunk.toString(), process.hrtime.bigint()))
  const closed = Promise.all([stdout, stderr].map((stream) => once(stream, 'close')))
  const ended = Promise.all([exited, closed]).then(([{ exitCode }]) => ({ exitCode, ...output }))
  const firstByte = new Promise<bigint>((arrived, failed) => {
    stdout.once('data', () => arrived(process.hrtime.bigint()))
    void ended.then(() => failed(new Error(`${program} ended without output: ${output.stderr.trim()}`)))
  })
  // A caller that waits only for the end must not get an unhandled rejection because the first byte never came.
  firstByte.catch(() => undefined)
  const kill = () => {
    const open = [...(stdout.closed ? [] : [pipes.stdout]), ...(stderr.closed ? [] : [pipes.stderr])]
    killProgram(
      isRunning ? pid : null,
      open.map(({ read }) => fstatSync(read).ino),
    )
  }
  return { pid, firstByte, exited, ended, kill }
}

/** The writing ends are the child's alone; of one that could not be started, neither end is left. */
function startWith(
  { stdout, stderr }: Record<'stdout' | 'stderr', ReturnType<typeof makePipe>>,
  ...[program, args, options]: Parameters<typeof pipe>
): Spawned {
  try {
    return startProcess(program, args, options ?? {}, { stdout: stdout.write, stderr: stderr.write })
  } catch (error) {
    closeSync(stdout.read)
    closeSync(stderr.read)
    throw error
  } finally {
    closeSync(stdout.write)
    closeSync(stderr.write)
  }
}

/** Explains why a program found in PATH may still not start: its interpreter is missing, or its working folder. */
function startProcess(
  program: string,
  args: readonly string[],
  options: Pick<CommandOptions, 'cwd' | 'env'>,
  output: Pick<SpawnInputs, 'stdout' | 'stderr'>,
): Spawned {
  const { env } = location(options)
  const inputs = { program: resolve(program), args, cwd: options.cwd ?? null, env, ...output }
  try {
    return spawnProcess(inputs)
  } catch (error) {
    if (error instanceof SyscallError) throw programNotStarted(inputs.program, error)
    throw error
  }
}

function resolve(program: string): string {
  const path = which(program)
  if (path === null) throw programMissing(program)
  return path
}

function location(options: Pick<CommandOptions, 'cwd' | 'env'>) {
  return {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, LC_ALL: 'C', ...options.env },
  }
}
