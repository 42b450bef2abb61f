import type { Request } from '../../plan/request.ts'
import type { Register } from './register.ts'
import { hostOptions, requestOf, requestOptions } from './request-options.ts'

export const registerRun: Register = (program, context, finish) => {
  hostOptions(requestOptions(program.command('run').description('measure, and write a report')))
    .option('--json', 'print only the result, as JSON on standard output')
    .option('--quiet', 'print no progress')
    .option('--tables', 'print every table after the answer')
    .action(async (flags: { json?: true; quiet?: true; tables?: true }) => {
      const request = await requestOf(flags)
      const output = { json: flags.json ?? false, quiet: flags.quiet ?? false, tables: flags.tables ?? false }
      if (namesHosts(request)) {
        const { runOnHosts } = await import('../run-on-hosts.ts')
        finish(await runOnHosts(request, output, context))
      } else {
        const { run } = await import('../run.ts')
        finish(await run(request, output, context))
      }
    })
}

/** Returns true for any option about hosts: wrong combinations are refused there. */
function namesHosts({ host, inventory, limit, patience }: Request): boolean {
  return [host, inventory, limit, patience].some((value) => value !== undefined)
}
