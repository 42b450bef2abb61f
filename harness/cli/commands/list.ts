import type { Register } from './register.ts'

const LISTS = [
  ['drivers', 'list storage drivers, their options, and whether they work here'],
  ['scenarios', 'list workloads, their parameters and phases'],
] as const

export const registerList: Register = (program, context, finish) => {
  const list = program
    .command('list')
    .description('list what can be measured, and whether it works here')
    .exitOverride()
  for (const [name, description] of LISTS) {
    list
      .command(name)
      .description(description)
      .option('--json', 'print as JSON')
      .action(async ({ json = false }: { json?: boolean }) => {
        const { listDrivers, listScenarios } = await import('../list.ts')
        finish(await (name === 'drivers' ? listDrivers : listScenarios)(json, context))
      })
  }
}
