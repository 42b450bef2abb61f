/** The scratch that a plan is measured on. */
import { resolve } from 'node:path'
import { usageError } from '../contracts/error.ts'
import type { RunOptions } from '../contracts/options.ts'
import type { Estimate, Plan } from '../contracts/plan.ts'
import { sizeOf, type Request } from './request.ts'

/** Devices are divided at whole mebibytes. */
const MIB = 1024 ** 2

/** Scratch settings of a request. */
export type ScratchRequest = Pick<Request, 'scratch' | 'device' | 'destroy' | 'scratch-size'>

/** A plan that does not say yet where it is measured. */
export interface UnplacedPlan extends Pick<Plan, 'cells' | 'estimate'> {
  options: Omit<RunOptions, 'scratch'>
}

/**
 * Returns the plan as it is measured on this scratch. `folder`: of the loop files where the request names no other. Throws a
 * usage error where the options of the request contradict each other or the plan.
 */
export function placePlan(
  { cells, estimate, options }: UnplacedPlan,
  request: ScratchRequest,
  folder: string,
): Plan {
  if (request.device !== undefined) requireForDevice(options)
  return {
    options: { ...options, scratch: scratchOf(request, estimate, folder) },
    cells,
    estimate,
    destroy: request.destroy ?? null,
  }
}

/** Throws a usage error where a plan cannot be measured on a device. */
function requireForDevice({ load, injected }: UnplacedPlan['options']): void {
  if (load !== 'none') {
    throw usageError(
      'conflict',
      '--load disk and --device exclude each other',
      'a device given with --device has only one user',
    )
  }
  if (Object.values(injected).some((delay) => typeof delay === 'object')) {
    throw usageError(
      'conflict',
      '--inject with a delay of flushes and --device exclude each other',
      'the kernel does not count the flushes of a partition; use loop files: --scratch DIR',
    )
  }
}

/** Returns the scratch that is asked for. Throws a usage error when the options contradict each other. */
export function scratchOf(
  request: ScratchRequest,
  need: Pick<Estimate, 'scratchSize'>,
  folder: string,
): RunOptions['scratch'] {
  if (request.scratch !== undefined && request.device !== undefined) {
    throw usageError(
      'conflict',
      '--scratch and --device exclude each other',
      'give a folder for loop files, or a device',
    )
  }
  if (request.destroy !== undefined && request.device === undefined) {
    throw usageError('conflict', '--destroy requires --device')
  }
  const given =
    request['scratch-size'] === undefined ? null : sizeOf('--scratch-size', request['scratch-size'])
  return {
    kind: request.device === undefined ? 'loop' : 'device',
    path: resolve(request.device ?? request.scratch ?? folder),
    size: given === null ? need.scratchSize : Math.ceil(given / MIB) * MIB,
  }
}
