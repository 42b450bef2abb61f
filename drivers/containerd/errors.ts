/** containerd's errors in the words of the snapshotter's contract. */
import { BenchError, ExitCode } from '../../harness/contracts/error.ts'
import { driverError } from '../common/catalog.ts'
import type { Method } from './api.ts'
import { Status, statusOf } from './client.ts'

export type Verb = 'prepare' | 'view' | 'commit' | 'mounts' | 'remove' | 'usage' | 'settle'

/** What a refused precondition means, by verb. */
const REFUSED: Readonly<Partial<Record<Verb, string>>> = {
  prepare: 'not-committed',
  view: 'not-committed',
  commit: 'not-active',
  remove: 'busy',
}

/** Returns the error of a verb; null where the call itself failed. */
export function verbFailed(verb: Verb, error: unknown): BenchError | null {
  const status = statusOf(error)
  if (status === null) return null
  const refused = REFUSED[verb]
  if (status.code === Status.alreadyExists) return driverError('exists', status.details, error)
  if (status.code === Status.notFound) return driverError('not-found', status.details, error)
  const isRefused = status.code === Status.failedPrecondition || status.code === Status.invalidArgument
  return isRefused && refused !== undefined ? driverError(refused, status.details, error) : null
}

/** Returns the error of a call that containerd did not answer, or answered with something else than the contract knows. */
export function callFailed(method: Method, error: unknown): unknown {
  const status = statusOf(error)
  if (status === null) return error
  return new BenchError(`containerd: ${method.split('/').at(-1)}: ${status.details}`, {
    code: 'driver.engine',
    exitCode: ExitCode.cellFailed,
    cause: error,
  })
}
