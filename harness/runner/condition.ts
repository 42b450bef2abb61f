/** What a store says of itself at the end of a sample, and what that makes of the sample. */
import { BenchError, messageOf } from '../contracts/error.ts'
import type { Sample } from '../contracts/sample.ts'
import type { Condition, Snapshotter } from '../contracts/snapshotter.ts'

/** Adds the store's details to the witness and its warnings to the sample. Throws why it takes no more writes. */
export async function addCondition(snapshotter: Snapshotter, sample: Sample): Promise<void> {
  const { details, warnings, failure } = (await snapshotter.condition?.()) ?? {}
  if (failure !== undefined) throw failure
  sample.warnings.push(...(warnings ?? []))
  if (sample.witness === null || details === undefined) return
  sample.witness = { ...sample.witness, details: { ...sample.witness.details, ...details } }
}

/** The error behind an error: a container that meets EIO does not know that its pool is full. */
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
  return new BenchError(`${failure.message}; what it met was ${messageOf(error)}`, {
    code,
    exitCode,
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  })
}
