import type { CompareFlags } from '../compare.ts'
import type { Register } from './register.ts'

export const registerCompare: Register = (program, context, finish) => {
  program
    .command('compare')
    .description('compare two runs: what got slower, faster, or is not comparable')
    .argument('<runs...>', 'folders of the baseline and of the candidate; with --history only the candidate')
    .option(
      '--history <dir>',
      'compare with the last good run in this folder that has the same fingerprint and cells',
    )
    .option(
      '--fail-on-regression',
      'exit with code 7 on a regression, 8 if undecided; write the outcome to gate.json of the candidate',
    )
    .option(
      '--across <parts>',
      'judge although these differ, comma-separated: kernel, kernel-config, machine, cpu, memory, disk, tools, tool:NAME, ' +
        'bench, node, option:KEY, label:NAME or #NAME',
    )
    .option(
      '--threshold <share>',
      "how much worse a cell may be (default: the plan's, else 5%); KEY=SHARE for one scenario, phase or counter, as --gate " +
        'of bench run; repeatable',
      (value: string, before: string[] | undefined) => [...(before ?? []), value],
    )
    .option(
      '--confirm <n>',
      'with --fail-on-regression: before it fails, measure suspicious cells and their controls again, for n rounds',
    )
    .option('--json', 'print only the comparison, as JSON on standard output')
    .option('--markdown', 'print it as Markdown, e.g. for the summary of a CI step')
    .option('--output <file>', 'write it as an HTML page to this file')
    .action(async (runs: string[], flags: CompareFlags) => {
      const { compare } = await import('../compare.ts')
      finish(await compare(runs, flags, context))
    })
}
