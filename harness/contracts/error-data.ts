/**
 * Errors as data, for messages between processes and for files. Apart from `error.ts`, which the command line loads before
 * it knows whether it needs schemas.
 */
import { z } from 'zod'
import { BenchError, ExitCode, messageOf } from './error.ts'
import { asHostError } from './host-error.ts'

/** The code of what is no `BenchError`. */
export const BUG = 'bug'

export const errorDataSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().nullable(),
  exitCode: z.enum(ExitCode),
  stack: z.string().nullable().describe('of a bug; null for a BenchError'),
})

export type ErrorData = z.infer<typeof errorDataSchema>

/** Converts whatever was thrown to data. */
export function toData(error: unknown): ErrorData {
  const mendable = error instanceof BenchError ? error : asHostError(error)
  if (mendable !== null) {
    const { code, message, hint = null, exitCode } = mendable
    return { code, message, hint, exitCode, stack: null }
  }
  const stack = error instanceof Error ? (error.stack ?? null) : null
  return { code: BUG, message: messageOf(error), hint: null, exitCode: ExitCode.bug, stack }
}

/** Converts data back to an error that can be thrown. */
export function fromData({ code, message, hint, exitCode, stack }: ErrorData): Error {
  if (code === BUG) return Object.assign(new Error(message), stack === null ? {} : { stack })
  return new BenchError(message, { code, exitCode, ...(hint === null ? {} : { hint }) })
}
