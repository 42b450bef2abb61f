import type { Request } from '../../plan/request.ts'
import type { RunFlags } from '../context.ts'
import type { Register } from './register.ts'
import { hostOptions, requestOf, requestOptions } from './request-options.ts'

export const registerRun: Register = (program, context, finish) => {
  hostOptions(requestOptions(program.command('run').description('measure, and write a report')))
    .option('--resume <dir>', 'go on with an interrupted run: the same plan and seed; its samples are kept')
    .option('--json', 'print only the result, as JSON on standard output')
    .option('--quiet', 'print no progress')
    .option('--tables', 'print every table after the answer')
    .action(async ({ resume, ...flags }: Flags) => {
      const request = await requestOf(flags)
      const output = { json: flags.json ?? false, quiet: flags.quiet ?? false, tables: flags.tables ?? false }
      if (resume !== undefined) finish(await goOn(resume, request, output))
      else if (namesHosts(request)) {
        const { runOnHosts } = await import('../run-on-hosts.ts')
        finish(await runOnHosts(request, output, context))
      } else {
        const { run } = await import('../run.ts')
        finish(await run(request, output, context))
      }
    })

  async function goOn(folder: string, { destroy, ...others }: Request, output: RunFlags): Promise<number> {
    const { resumeCommand, refuseOptions } = await import('../resume.ts')
    refuseOptions(Object.keys(others))
    return resumeCommand(folder, { ...output, ...(destroy === undefined ? {} : { destroy }) }, context)
  }
}

interface Flags {
  resume?: string
  json?: true
  quiet?: true
  tables?: true
}

/** Returns true for any option about hosts: wrong combinations are refused there. */
function namesHosts({ host, inventory, limit, patience }: Request): boolean {
  return [host, inventory, limit, patience].some((value) => value !== undefined)
}
