/** A command line from its words to its exit code: errors become one line on standard error. */
import { CommanderError } from 'commander'
import { BISECT_COMMAND, BisectCode } from '../contracts/bisect.ts'
import { BenchError, ExitCode } from '../contracts/error.ts'
import { asHostError } from '../contracts/host-error.ts'
import { JOB_COMMAND, MEASURE_COMMAND } from '../contracts/hidden-commands.ts'
import { guardStream } from '../terminal/guard-stream.ts'
import { visible } from '../terminal/visible.ts'
import type { Context } from './context.ts'
import { incompleteOutput, openOutput } from './output.ts'
import { createProgram } from './program.ts'

/** Its streams are the program's own. */
type Given = Omit<Context, 'live'>

/**
 * Runs the command that the words name and returns its exit code. Throws nothing: a bug is a stack and an exit code, too. A
 * command that did all it was asked for, but for a standard output that is cut, has not done it.
 */
export async function runCommandLine(words: readonly string[], given: Given): Promise<number> {
  const stdout = openOutput(given.stdout)
  const stderr = openOutput(given.stderr)
  const context = {
    ...given,
    stdout: guardStream(given.stdout, stdout.write),
    stderr: guardStream(given.stderr, stderr.write),
    live: given.stderr,
  }
  const exitCode = await dispatch(words, context).catch((error: unknown) =>
    codeFor(words, report(error, context)),
  )
  const lost = await stdout.failure()
  if (lost === null) return exitCode
  const code = codeFor(words, report(incompleteOutput(lost), context))
  return exitCode === ExitCode.done ? code : exitCode
}

/** To `git bisect run`, the exit code of an error would mean a bad commit: it has to stop. */
function codeFor([command]: readonly string[], code: number): number {
  return command === BISECT_COMMAND && code !== ExitCode.done ? BisectCode.stop : code
}

async function dispatch(words: readonly string[], context: Context): Promise<number> {
  if (words[0] === MEASURE_COMMAND) {
    const { measureCommand } = await import('./measure.ts')
    return measureCommand(context)
  }
  if (words[0] === JOB_COMMAND) {
    const { jobCommand } = await import('./job.ts')
    return jobCommand(words.slice(1), context)
  }
  let exitCode: number = ExitCode.done
  const program = createProgram(context, (code) => (exitCode = code))
  await program.parseAsync(words, { from: 'user' })
  return exitCode
}

/** Writes one line for what a person can mend, a stack for a bug; returns the exit code. */
function report(error: unknown, { stderr }: Context): number {
  if (error instanceof CommanderError) {
    // Help and version are thrown too, with exit code 0.
    if (error.exitCode === 0) return ExitCode.done
    const message =
      error.code === 'commander.help'
        ? 'a command is missing: --help after the last word lists those that follow it'
        : error.message.replace(/^error: /, '').replaceAll('\n', ' ')
    stderr.write(`bench: ${visible(message)}\n`)
    return ExitCode.usage
  }
  const mendable = error instanceof BenchError ? error : asHostError(error)
  if (mendable !== null) {
    const { message, hint } = mendable
    stderr.write(`bench: ${visible(hint === undefined ? message : `${message}: ${hint}`)}\n`)
    return mendable.exitCode
  }
  stderr.write(`bench: a bug: ${error instanceof Error ? error.stack : String(error)}\n`)
  return ExitCode.bug
}
