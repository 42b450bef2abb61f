import type { ReportFlags } from '../report.ts'
import type { Register } from './register.ts'

export const registerReport: Register = (program, context, finish) => {
  program
    .command('report')
    .description('regenerate the report of a run or fleet')
    .argument('<run>', 'folder of the run or fleet')
    .option('--json', 'print only the result, as JSON on standard output')
    .option('--markdown', 'print it as Markdown, e.g. for the summary of a CI step')
    .option('--tables', 'print every table after the answer')
    .action(async (folder: string, flags: ReportFlags) => {
      const { report } = await import('../report.ts')
      finish(await report(folder, flags, context))
    })
}
