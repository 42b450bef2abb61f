import { BenchError, ExitCode } from '../../contracts/error.ts'

/** Device mapper's refusals in the words of the snapshotter's contract: `driver.busy`, `driver.exists`, `driver.device-mapper`. */
export function dmError(code: string, message: string, cause: unknown): BenchError {
  return new BenchError(message, { code: `driver.${code}`, exitCode: ExitCode.cellFailed, cause })
}
