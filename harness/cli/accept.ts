/** `bench accept`: makes a run with a known change the baseline of those after it. */
import { ACCEPTED_SCHEMA_VERSION } from '../contracts/accepted.ts'
import { ExitCode, usageError } from '../contracts/error.ts'
import { writeAccepted } from '../results/accepted.ts'
import { whyNoBaseline } from '../results/history.ts'
import { readGate } from '../results/read-gate.ts'
import { lackOf, openRun } from './baseline.ts'
import type { Context } from './context.ts'

export interface AcceptFlags {
  because: string
}

/** Throws a usage error where no run could be judged by this one, whatever the reason to accept it. */
export async function accept(folder: string, { because }: AcceptFlags, context: Context): Promise<number> {
  const reason = because.trim()
  if (reason === '')
    throw usageError('accept', '--because is empty', 'say what changed, and why that is right')
  const found = openRun(folder)
  const why = whyNoBaseline(found.run) ?? (await lackOf(found, context))[0] ?? null
  if (why !== null) {
    throw usageError(
      'accept',
      `${folder} cannot be a baseline: ${why}`,
      'measure again, and accept a run that came to its end with enough rounds',
    )
  }
  writeAccepted(folder, {
    schema: ACCEPTED_SCHEMA_VERSION,
    run: found.run.id,
    at: new Date().toISOString(),
    because: reason,
    outcome: readGate(folder)?.outcome ?? null,
  })
  context.stdout.write(`${found.run.id} is accepted as a baseline: ${reason}\n`)
  return ExitCode.done
}
