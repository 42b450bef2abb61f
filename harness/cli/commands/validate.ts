import type { ValidateFlags } from '../validate.ts'
import type { Register } from './register.ts'

export const registerValidate: Register = (program, context, finish) => {
  program
    .command('validate')
    .description('test whether the harness finds real differences, and only those (several runs, as root)')
    .option('--quick', 'smaller files and fewer rounds: under five minutes')
    .option('--budget <time>', 'time for all runs together (default: 50m, with --quick 4m)')
    .option('--seed <n>', 'seed for cell order and generated data (default: 1)')
    .option('--scratch <dir>', 'folder for loop files (default: in the state directory)')
    .option('--output <dir>', 'parent of the run folders (default: bench-runs)')
    .option('--json', 'print only the results, a line of JSON each, on standard output')
    .option('--quiet', 'print no progress')
    .action(async (flags: ValidateFlags) => {
      const { validate } = await import('../validate.ts')
      finish(await validate(flags, context))
    })
}
