import { ExitCode } from '../../contracts/error.ts'
import type { FleetHost } from '../../contracts/fleet.ts'

/** Less grave first. What is not in it, 128 + a signal's number, is graver than all. */
const BY_GRAVITY: readonly number[] = [
  ExitCode.done,
  ExitCode.nothingRuns,
  ExitCode.cellFailed,
  ExitCode.gateFailed,
  ExitCode.notCleaned,
  ExitCode.hostNotReady,
  ExitCode.usage,
  ExitCode.bug,
]

function gravityOf(exitCode: number): number {
  const place = BY_GRAVITY.indexOf(exitCode)
  return place < 0 ? BY_GRAVITY.length : place
}

/** The gravest exit code of a fleet's hosts. One that did not say how it ended could not be set up or reached. */
export function gravestOf(hosts: readonly Pick<FleetHost, 'exitCode'>[]): number {
  return hosts
    .map(({ exitCode }) => exitCode ?? ExitCode.hostNotReady)
    .reduce((worst, code) => (gravityOf(code) > gravityOf(worst) ? code : worst), ExitCode.done as number)
}
