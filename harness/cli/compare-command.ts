import type { Command } from 'commander'
import type { CompareFlags } from './compare.ts'
import type { Context } from './context.ts'

export function compareCommand(program: Command, context: Context, finish: (exitCode: number) => void): void {
  program
    .command('compare')
    .description('hold a run against another: what became slower, what quicker, what is no longer the same')
    .argument(
      '<runs...>',
      'the folders of the baseline and of the candidate; with --history the candidate alone',
    )
    .option('--history <dir>', 'against the last good run in this folder of the same fingerprint and cells')
    .option(
      '--fail-on-regression',
      'exit code 7 when there is one; the outcome is kept in gate.json of the candidate',
    )
    .option('--threshold <share>', 'what a cell may be worse by (default 5%)')
    .option('--json', 'print the comparison as JSON on standard output, and nothing else there')
    .option('--markdown', 'print it as Markdown, for the summary of a CI step')
    .option('--output <file>', 'write it as an HTML page')
    .action(async (runs: string[], flags: CompareFlags) => {
      const { compare } = await import('./compare.ts')
      finish(await compare(runs, flags, context))
    })
}
