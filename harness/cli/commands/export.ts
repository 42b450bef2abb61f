import { Option } from 'commander'
import { EXPORT_FORMATS, type ExportFormat } from '../../contracts/export.ts'
import type { ExportFlags } from '../export.ts'
import type { Register } from './register.ts'

export const registerExport: Register = (program, context, finish) => {
  program
    .command('export')
    .description('write runs in the format of another program')
    .argument('<runs...>', 'folders of the runs')
    .addOption(
      new Option('--format <name>', 'one of the formats below')
        .choices(Object.keys(EXPORT_FORMATS))
        .makeOptionMandatory(),
    )
    .option('--output <file>', 'write it to this file (default: standard output)')
    .addHelpText('after', FORMATS)
    .action(async (runs: string[], flags: ExportFlags) => {
      const { exportCommand } = await import('../export.ts')
      finish(await exportCommand(runs, flags, context))
    })
}

const FORMATS = `
Formats:
${Object.entries<ExportFormat>(EXPORT_FORMATS)
  .map(([name, { summary, runs }]) => `  ${name.padEnd(32)}${summary}${runs === 'one' ? '; one run' : ''}`)
  .join('\n')}
`
