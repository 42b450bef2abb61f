/** Errors of programs that the harness needs and the host cannot start. */
import { BenchError, ExitCode, messageOf } from '../contracts/error.ts'
import { errnoOf } from '../contracts/syscalls.ts'
import { setUpCommand } from './package.ts'

/** Returns the error of a program that is in no folder of PATH. */
export function programMissing(program: string): BenchError {
  return new BenchError(`${program} is not installed`, {
    code: 'host.no-program',
    hint: `${setUpCommand()} installs what the harness needs`,
    exitCode: ExitCode.hostNotReady,
  })
}

/** Why a program that is there cannot be started, by errno: execve(2). */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'it is not executable',
  ENOENT: 'its interpreter is missing',
  ENOEXEC: 'it is not a program',
}

/** Returns the error of a program, named or by its path, from what starting it threw. */
export function programNotStarted(program: string, cause: unknown): BenchError {
  const errno = errnoOf(cause) ?? ''
  if (errno === 'ENOENT' && !program.includes('/')) return programMissing(program)
  return new BenchError(`${program} cannot be started: ${REASONS[errno] ?? messageOf(cause)}`, {
    code: 'host.not-started',
    hint: 'install its package again',
    exitCode: ExitCode.hostNotReady,
    cause,
  })
}
