import { Option } from 'commander'
import type { ClaimsFlags } from '../claims.ts'
import type { Register } from './register.ts'

export const registerClaims: Register = (program, context, finish) => {
  program
    .command('claims')
    .description('test what texts say of storage drivers, and say what is true here')
    .argument('[run]', 'folder of a run whose samples are judged; without it one is measured')
    .option('--quick', 'fewer rounds: within ten minutes on a small machine')
    .option('--only <ids>', 'test only these claims, comma-separated; see --list')
    .option('--list', 'list the claims with their sources, and measure nothing')
    .option('--scratch <dir>', 'folder for loop files (default: in the state directory)')
    .option('--device <dev>', 'a whole disk or partition to format and overwrite')
    .addOption(
      new Option('--destroy <name>', 'with --device: its by-id name or serial, to overwrite the data on it'),
    )
    .option('--scratch-size <size>', 'scratch of each configuration (default: as planned)')
    .option('--output <dir>', 'parent of the run folder (default: bench-runs)')
    .option('--json', 'print only the result, as JSON on standard output')
    .option('--markdown', 'print the claims as Markdown')
    .option('--quiet', 'print no progress')
    .action(async (run: string | undefined, flags: ClaimsFlags) => {
      const { claims } = await import('../claims.ts')
      finish(await claims(run, flags, context))
    })
}
