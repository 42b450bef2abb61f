/** `bench run` on this machine. */
import { outputDirectory, type Request } from '../plan/request.ts'
import type { Context, RunFlags } from './context.ts'
import { measureHere } from './measure-here.ts'
import { planHere } from './plan-here.ts'

export async function run(request: Request, flags: RunFlags, context: Context): Promise<number> {
  const plan = await planHere(request, context)
  const command = ['bench', ...process.argv.slice(2)].join(' ')
  const output = outputDirectory(request)
  const { exitCode } = await measureHere(plan, { output, command }, flags, context)
  return exitCode
}
