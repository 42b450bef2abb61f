/** Condition of a store at the end of a sample, and its effect on the sample. */
import { BenchError, messageOf } from '../contracts/error.ts'
import type { Warning } from '../contracts/warning.ts'
import type { Condition, Snapshotter } from '../contracts/snapshotter.ts'

/** Returns details for the witness (null: none) and warnings. Throws why the store no longer takes writes. */
export async function conditionOf(
  snapshotter: Snapshotter,
): Promise<{ details: Condition['details'] | null; warnings: readonly Warning[] }> {
  const { details, warnings, failure } = (await snapshotter.condition?.()) ?? {}
  if (failure !== undefined) throw failure
  return { details: details ?? null, warnings: warnings ?? [] }
}

/** Returns the error behind an error: a container that meets EIO does not know that its pool is full. */
export async function causeOf(snapshotter: Snapshotter, error: unknown): Promise<unknown> {
  let condition: Condition | undefined
  try {
    condition = await snapshotter.condition?.()
  } catch {
    return error
  }
  const failure = condition?.failure
  if (failure === undefined || failure.message === messageOf(error)) return error
  const { code, hint, exitCode } = failure
  return new BenchError(`${failure.message}: ${messageOf(error)}`, {
    code,
    exitCode,
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  })
}
