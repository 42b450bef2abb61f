import { BenchError, ExitCode } from '../../../harness/contracts/error.ts'

/** Returns the error of a host that starts no virtual machine: the cell is unsupported. */
export function noGuest(message: string, hint: string): BenchError {
  return new BenchError(message, { code: 'scenario.no-guest', hint, exitCode: ExitCode.nothingRuns })
}
