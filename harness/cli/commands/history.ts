import type { HistoryFlags } from '../history.ts'
import type { Register } from './register.ts'

export const registerHistory: Register = (program, context, finish) => {
  program
    .command('history')
    .description('follow runs over time: what changed, when, and with what')
    .argument('<directories...>', 'folders that hold run folders or fleets')
    .option('--threshold <share>', 'changes of less are not reported (default: 5%)')
    .option('--json', 'print only the history, as JSON on standard output')
    .option('--output <file>', 'write it as an HTML page to this file')
    .action(async (directories: string[], flags: HistoryFlags) => {
      const { history } = await import('../history.ts')
      finish(await history(directories, flags, context))
    })
}
