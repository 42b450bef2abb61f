import type { Command } from 'commander'
import type { Context } from '../context.ts'

/**
 * Adds one command, with its options and help, to the program. `finish` takes the exit code of the command that ran. The
 * body of a command is imported when it runs, so that --help is quick.
 */
export type Register = (program: Command, context: Context, finish: (exitCode: number) => void) => void
