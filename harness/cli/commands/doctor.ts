import type { Register } from './register.ts'

export const registerDoctor: Register = (program, context, finish) => {
  program
    .command('doctor')
    .description('check this host and explain how to fix what is missing')
    .option('--json', 'print as JSON')
    .option('--scratch <dir>', 'folder that loop files would be in')
    .action(async ({ json = false, scratch }: { json?: boolean; scratch?: string }) => {
      const { examineHost } = await import('../examine-host.ts')
      finish(await examineHost(json, scratch, context))
    })
}
