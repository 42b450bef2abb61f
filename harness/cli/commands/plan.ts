import type { Register } from './register.ts'
import { requestOf, requestOptions } from './request-options.ts'

export const registerPlan: Register = (program, context, finish) => {
  requestOptions(program.command('plan').description('show what run would measure; change nothing'))
    .option('--json', 'print the plan as JSON')
    .action(async (flags: { json?: true }) => {
      const { plan } = await import('../plan.ts')
      finish(await plan(await requestOf(flags), flags.json ?? false, context))
    })
}
