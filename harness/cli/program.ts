/** The command line: options, help, and which file does what. A command's body is loaded when it is called. */
import { Command, Option } from 'commander'
import type { Request } from '../plan/request.ts'
import type { CalibrateFlags } from './calibrate.ts'
import { compareCommand } from './compare-command.ts'
import type { Context } from './context.ts'
import { hostCommands } from './host-commands.ts'
import { labCommands } from './lab-commands.ts'
import type { ReportFlags } from './report.ts'
import type { ValidateFlags } from './validate.ts'

interface RequestFlags {
  driver?: string[]
  scenario?: string[]
  profile?: string
  set?: string[]
  rounds?: string
  maxRounds?: string
  precision?: string
  budget?: string
  cache?: string
  seed?: string
  calibration?: string
  controls?: string
  inject?: string[]
  load?: string
  scratch?: string
  device?: string
  destroy?: string
  scratchSize?: string
  output?: string
  plan?: string
  host?: string[]
  inventory?: string
  limit?: string
  patience?: string
}

/** Builds the program. `finish` takes the exit code of the command that ran. */
export function createProgram(context: Context, finish: (exitCode: number) => void): Command {
  const program = new Command('bench')
    .description('Measures what container storage drivers cost a workload, side by side on the same disk.')
    .version(context.version)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: (text) => context.stdout.write(text), writeErr: () => undefined })
    .addHelpText('after', EXAMPLES)

  hostOptions(requestOptions(program.command('run').description('measure, and write a report')))
    .option('--json', 'print the result as JSON on standard output, and nothing else there')
    .option('--quiet', 'no progress')
    .action(async (flags: RequestFlags & { json?: true; quiet?: true }) => {
      const request = await requestOf(flags)
      const output = { json: flags.json ?? false, quiet: flags.quiet ?? false }
      if (namesHosts(request)) {
        const { runOnHosts } = await import('./run-on-hosts.ts')
        finish(await runOnHosts(request, output, context))
      } else {
        const { run } = await import('./run.ts')
        finish(await run(request, output, context))
      }
    })

  requestOptions(program.command('plan').description('print what run would do; change nothing'))
    .option('--json', 'print the plan as JSON')
    .action(async (flags: RequestFlags & { json?: true }) => {
      const { plan } = await import('./plan.ts')
      finish(await plan(await requestOf(flags), flags.json ?? false, context))
    })

  const list = program
    .command('list')
    .description('what there is to measure, and whether it works here')
    .exitOverride()
  for (const [name, description] of [
    ['drivers', 'storage drivers, their options, and whether they work here'],
    ['scenarios', 'workloads, their parameters and phases'],
  ] as const) {
    list
      .command(name)
      .description(description)
      .option('--json', 'print as JSON')
      .action(async ({ json = false }: { json?: boolean }) => {
        const { listDrivers, listScenarios } = await import('./list.ts')
        finish(await (name === 'drivers' ? listDrivers : listScenarios)(json, context))
      })
  }

  program
    .command('doctor')
    .description('the host as the harness sees it, and how to mend what is missing')
    .option('--json', 'print as JSON')
    .option('--scratch <dir>', 'the folder that loop files would lie in')
    .action(async ({ json = false, scratch }: { json?: boolean; scratch?: string }) => {
      const { examineHost } = await import('./examine-host.ts')
      finish(await examineHost(json, scratch, context))
    })

  program
    .command('calibrate')
    .description('what the harness costs, what the disk can do, how noisy the host is; by itself, as root')
    .option('--full', 'about three and a half minutes (default)')
    .option('--brief', 'about a quarter of a minute, as before a run')
    .option('--scratch <dir>', 'folder for a loop file (default: in the state directory)')
    .option('--device <dev>', 'a whole disk or partition that is given over')
    .option('--destroy <name>', 'with --device: its by-id name or serial, to overwrite what is on it')
    .option('--json', 'print as JSON')
    .action(async (flags: CalibrateFlags) => {
      const { calibrate } = await import('./calibrate.ts')
      finish(await calibrate(flags, context))
    })

  program
    .command('validate')
    .description('does the harness see a difference that is there, and none that is not? four runs, as root')
    .option('--quick', 'smaller files, fewer rounds: under five minutes')
    .option('--budget <time>', 'for all runs together (default 50m, with --quick 4m)')
    .option('--seed <n>', 'of the order and of the data (default 1)')
    .option('--scratch <dir>', 'folder for the loop files (default: in the state directory)')
    .option('--output <dir>', 'where the run folders are made (default: bench-runs)')
    .option('--json', 'print each result as a line of JSON on standard output, and nothing else there')
    .option('--quiet', 'no progress')
    .action(async (flags: ValidateFlags) => {
      const { validate } = await import('./validate.ts')
      finish(await validate(flags, context))
    })

  program
    .command('report')
    .description('draw the report of a run again, or that of a fleet')
    .argument('<run>', 'the folder of the run or of the fleet')
    .option('--markdown', 'print it as Markdown, for the summary of a CI step')
    .action(async (folder: string, flags: ReportFlags) => {
      const { report } = await import('./report.ts')
      finish(await report(folder, flags, context))
    })

  compareCommand(program, context, finish)
  hostCommands(program, context, finish)
  labCommands(program, context, finish)

  program
    .command('clean')
    .description('remove what a killed run left, and only that')
    .action(async () => {
      const { clean } = await import('./clean.ts')
      finish(await clean(context))
    })

  return program
}

function requestOptions(command: Command): Command {
  const repeatable = (value: string, before: string[] | undefined) => [...(before ?? []), value]
  return command
    .option(
      '--driver <configurations>',
      'NAME[@BACKING][+OPTION=VALUE]…[#LABEL], comma-separated, or all',
      repeatable,
    )
    .option('--scenario <names>', 'comma-separated, or all', repeatable)
    .option('--profile <name>', 'quick (default), standard or thorough')
    .option('--set <key=values>', 'parameter values instead of the profile’s: size=1M,16M', repeatable)
    .option('--rounds <n>', 'at least so many passes over all cells (quick 5, standard 10, thorough 20)')
    .option('--max-rounds <n>', 'at most so many (--rounds; else quick 5, standard 40, thorough 100)')
    .option('--precision <share>', 'a cell is done when its ratio is known to ± this (default 3%)')
    .option('--budget <time>', 'begin no further round after this: 10m; until then go on to the precision')
    .option('--cache <state>', 'cold, warm or both (quick and standard: warm; thorough: both)')
    .option('--seed <n>', 'of the order and of the data (default 1)')
    .option('--calibration <extent>', 'none, brief or full (quick and standard: brief; thorough: full)')
    .option('--controls <word>', 'off: no bare copies beside what is asked for (default on)')
    .option(
      '--inject <configuration=delay>',
      'delay its phases (overlay2#slow=5%) or, by dm-delay, its flushes (overlay2#slow=20ms/flush), to see whether it is found',
      repeatable,
    )
    .option('--load <kind>', 'disk: a second process disturbs the disk all the while (default none)')
    .option('--scratch <dir>', 'folder for the loop files (default: in the state directory)')
    .option('--device <dev>', 'a whole disk or partition that is given over')
    .addOption(
      new Option('--destroy <name>', 'with --device: its by-id name or serial, to overwrite what is on it'),
    )
    .option('--scratch-size <size>', 'for each configuration (default: what the plan needs)')
    .option('--output <dir>', 'where the run folder is made (default: bench-runs)')
    .option('--plan <file>', 'these options as a YAML file; flags override it')
}

function hostOptions(command: Command): Command {
  const repeatable = (value: string, before: string[] | undefined) => [...(before ?? []), value]
  return command
    .option('--host <names>', 'measure on these hosts instead, comma-separated; see bench host', repeatable)
    .option('--inventory <file>', 'measure on the hosts of this Ansible inventory')
    .option('--limit <pattern>', 'with --inventory: which of its hosts (default: all)')
    .option('--patience <time>', 'how long a lost link to a host is tried again (default 2m)')
}

/** Anything said of hosts: what is said wrongly is refused there. */
function namesHosts({ host, inventory, limit, patience }: Request): boolean {
  return [host, inventory, limit, patience].some((value) => value !== undefined)
}

/** Options of `run` and `plan` that say how to show the result. */
const NOT_OF_A_PLAN: ReadonlySet<string> = new Set(['json', 'quiet'])

async function requestOf(flags: RequestFlags): Promise<Request> {
  const { mergeRequests, parseInjections, parseSets, readPlanFile } = await import('../plan/request.ts')
  const { plan, set, inject, scratchSize, maxRounds, ...same } = flags
  const given = {
    ...same,
    'max-rounds': maxRounds,
    'scratch-size': scratchSize,
    set: set && parseSets(set),
    inject: inject && parseInjections(inject),
  }
  const known = Object.entries(given).filter(([key, value]) => value !== undefined && !NOT_OF_A_PLAN.has(key))
  const request = Object.fromEntries(known) as Request
  return plan === undefined ? request : mergeRequests(readPlanFile(plan), request)
}

const EXAMPLES = `
Examples:
  bench run --driver overlay2 --scenario bigfile
  bench run --driver overlay2,overlay2@xfs,btrfs --scenario bigfile --set size=256M --cache both
  bench plan --driver all --scenario all --profile standard
  bench report bench-runs/20260131-142501-k3x9
  bench compare bench-runs/20260131-142501-k3x9 bench-runs/20260201-142507-p0qd

Exit codes: 0 done, 1 a bug, 2 wrong use or input, 3 nothing asked for can run here, 4 the host could not be
set up, 5 some cell failed, 6 something could not be cleaned up, 7 a gate failed, 128+n stopped by signal n.
`
