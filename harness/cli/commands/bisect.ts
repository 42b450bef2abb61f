import { BISECT_COMMAND } from '../../contracts/bisect.ts'
import type { BisectFlags } from '../bisect.ts'
import type { Register } from './register.ts'

export const registerBisect: Register = (program, context, finish) => {
  program
    .command(BISECT_COMMAND)
    .description('for git bisect run: measure one cell, and compare it with a good run')
    .requiredOption('--good <dir>', 'folder of a run that was measured with a good commit')
    .option('--cell <id>', 'the cell, if the good run has several')
    .option('--rounds <n>', 'rounds of each measurement (default: 10)')
    .option(
      '--threshold <share>',
      'how much worse the cell may be, as in bench compare; repeatable',
      (value: string, before: string[] | undefined) => [...(before ?? []), value],
    )
    .option('--across <parts>', 'what may differ beside kernel and kernel-config, as in bench compare')
    .option('--output <dir>', 'parent of the run folders', 'bench-runs')
    .option('--kernel <file>', 'measure in a lab machine that boots this kernel image')
    .option('--modules <dir>', 'with --kernel: its modules, as in /lib/modules/RELEASE')
    .option('--initrd <file>', 'with --kernel: its initrd')
    .option('--append <arguments>', 'with --kernel: kernel arguments to add')
    .option('--flavour <name>', 'with --kernel: image of the machine (default: debian-12)')
    .option('--memory <size>', 'with --kernel: memory of the machine (default: 1G)')
    .option('--scratch <size>', 'with --kernel: scratch disk of the machine (default: 16G)')
    .addHelpText(
      'after',
      '\nExit codes: 0 good, 1 bad, 125 cannot tell, 128 stop (wrong use, a host that is not ready, a bug), 128+n stopped by signal n.',
    )
    .action(async (flags: BisectFlags) => {
      const { bisect } = await import('../bisect.ts')
      finish(await bisect(flags, context))
    })
}
