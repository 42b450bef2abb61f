import { ExitCode } from '../../contracts/error.ts'

/** Exit codes, the least bad first. What is not in it, 128 + a signal's number, is worse than all of them. */
const BY_SEVERITY: readonly number[] = [
  ExitCode.done,
  ExitCode.nothingRuns,
  ExitCode.cellFailed,
  ExitCode.gateUndecided,
  ExitCode.gateFailed,
  ExitCode.notCleaned,
  ExitCode.hostNotReady,
  ExitCode.usage,
  ExitCode.bug,
]

function severityOf(exitCode: number): number {
  const place = BY_SEVERITY.indexOf(exitCode)
  return place < 0 ? BY_SEVERITY.length : place
}

/** Returns the worst exit code of hosts or runs. A host that did not say how it ended could not be set up or reached. */
export function worstExitCode(ends: readonly { exitCode: number | null }[]): number {
  return ends
    .map(({ exitCode }) => exitCode ?? ExitCode.hostNotReady)
    .reduce((worst, code) => (severityOf(code) > severityOf(worst) ? code : worst), ExitCode.done as number)
}
