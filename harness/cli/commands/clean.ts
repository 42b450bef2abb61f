import type { Register } from './register.ts'

export const registerClean: Register = (program, context, finish) => {
  program
    .command('clean')
    .description('remove what a killed run left, and nothing else')
    .action(async () => {
      const { clean } = await import('../clean.ts')
      finish(await clean(context))
    })
}
