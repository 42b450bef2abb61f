/**
 * The one error class and the one list of exit codes.
 *
 * A `BenchError` is something a person can mend: it prints as one line, with a hint. Anything else that
 * is thrown is a bug and prints its stack.
 */

/** Exit codes of the process. {@link exitCodeForSignal} adds `128 + n` (stopped by signal n). */
export const ExitCode = {
  /** Everything asked for was done. */
  done: 0,
  /** The harness is at fault. */
  bug: 1,
  /** Wrong command line, plan file or run folder, or an output that cannot be written. */
  usage: 2,
  /** Nothing that was asked for can run on this host. */
  nothingRuns: 3,
  /** The host lacks what the harness itself needs (root, space, tools), or could not be set up. */
  hostNotReady: 4,
  /** Some cell failed; the others are measured. */
  cellFailed: 5,
  /** Something that the harness made could not be removed. */
  notCleaned: 6,
  /** A gate (a regression limit, a validation) failed. */
  gateFailed: 7,
  /** A gate could not be decided: what it is asked was not measured, or not often enough. */
  gateUndecided: 8,
} as const

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode]

/** Returns the shell's convention for a process that a signal ended. */
export function exitCodeForSignal(signalNumber: number): number {
  return 128 + signalNumber
}

export interface BenchErrorOptions {
  /** A stable, dotted name: `usage.unknown-driver`. */
  code: string
  /** Advice how to fix it. */
  hint?: string
  exitCode?: ExitCode
  cause?: unknown
}

export class BenchError extends Error {
  override readonly name = 'BenchError'
  readonly code: string
  readonly hint: string | undefined
  readonly exitCode: ExitCode

  constructor(message: string, options: BenchErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = options.code
    this.hint = options.hint
    this.exitCode = options.exitCode ?? ExitCode.bug
  }
}

/** Wrong use or input: exit code 2. */
export function usageError(code: string, message: string, hint?: string): BenchError {
  return new BenchError(message, {
    code: `usage.${code}`,
    exitCode: ExitCode.usage,
    ...(hint === undefined ? {} : { hint }),
  })
}

/** Returns the message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
