/** Measures cells of a run again on this machine. */
import { resolve } from 'node:path'
import { Writable } from 'node:stream'
import { BenchError } from '../contracts/error.ts'
import { absentHere } from '../host/absent.ts'
import { planAgain } from '../plan/again.ts'
import type { FoundRun } from '../results/history.ts'
import type { Context } from './context.ts'
import { measureHere } from './measure-here.ts'

/** Exit codes above are 128 plus the number of the signal that stopped it. */
const SIGNALLED = 128

/**
 * Measures cells and their controls for `rounds` rounds, as an ordinary run in a folder of `output`; returns that folder. Prints
 * nothing. Throws where it cannot be done, and `measure.stopped` where a signal or an error ended it.
 */
export async function measureCellsAgain(
  { run }: Pick<FoundRun, 'run'>,
  cells: ReadonlySet<string>,
  rounds: number,
  output: string,
  context: Context,
): Promise<string> {
  const plan = planAgain(run, cells, rounds, await context.registry(), absentHere())
  const command = ['bench', ...process.argv.slice(2)].join(' ')
  const { exitCode, folder, error } = await measureHere(
    plan,
    { output: resolve(output), command },
    { json: false, quiet: true },
    { ...context, stdout: nowhere() },
  )
  if (exitCode > SIGNALLED || error !== null)
    throw new BenchError(error?.message ?? 'it was stopped by a signal', { code: 'measure.stopped' })
  return folder
}

/** Returns a standard output for what prints a report that is in a folder anyway. */
export function nowhere(): NodeJS.WriteStream {
  return new Writable({ write: (_chunk, _encoding, done) => done() }) as unknown as NodeJS.WriteStream
}
