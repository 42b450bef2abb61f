/** `bench run` on this machine. */
import { absentHere } from '../host/absent.ts'
import { makePlan } from '../plan/plan.ts'
import { outputDirectory, type Request } from '../plan/request.ts'
import type { Context, RunFlags } from './context.ts'
import { measureHere } from './measure-here.ts'

export async function run(request: Request, flags: RunFlags, context: Context): Promise<number> {
  const plan = makePlan(request, await context.registry(), absentHere())
  const command = ['bench', ...process.argv.slice(2)].join(' ')
  const output = outputDirectory(request)
  const { exitCode } = await measureHere(plan, { output, command }, flags, context)
  return exitCode
}
