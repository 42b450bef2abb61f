import type { AcceptFlags } from '../accept.ts'
import type { Register } from './register.ts'

export const registerAccept: Register = (program, context, finish) => {
  program
    .command('accept')
    .description('make a run with a known change the baseline of later ones')
    .argument('<run>', 'folder of the run')
    .requiredOption('--because <text>', 'the reason, which is kept beside run.json')
    .action(async (folder: string, flags: AcceptFlags) => {
      const { accept } = await import('../accept.ts')
      finish(await accept(folder, flags, context))
    })
}
