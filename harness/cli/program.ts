/** The command line: its commands, in the order of `bench --help`, each in a file of its own. */
import { Command } from 'commander'
import { registerAccept } from './commands/accept.ts'
import { registerBisect } from './commands/bisect.ts'
import { registerCalibrate } from './commands/calibrate.ts'
import { registerClaims } from './commands/claims.ts'
import { registerClean } from './commands/clean.ts'
import { registerCompare } from './commands/compare.ts'
import { registerDoctor } from './commands/doctor.ts'
import { registerExport } from './commands/export.ts'
import { registerHistory } from './commands/history.ts'
import { registerHost } from './commands/host.ts'
import { registerLab } from './commands/lab.ts'
import { registerList } from './commands/list.ts'
import { registerPlan } from './commands/plan.ts'
import { registerReport } from './commands/report.ts'
import { registerRun } from './commands/run.ts'
import { registerValidate } from './commands/validate.ts'
import type { Register } from './commands/register.ts'
import type { Context } from './context.ts'
import { refuseEmptyPaths } from './empty-paths.ts'

const COMMANDS: readonly Register[] = [
  registerRun,
  registerPlan,
  registerList,
  registerDoctor,
  registerCalibrate,
  registerValidate,
  registerReport,
  registerCompare,
  registerAccept,
  registerBisect,
  registerHistory,
  registerExport,
  registerClaims,
  registerHost,
  registerLab,
  registerClean,
]

/** Builds the program. `finish` takes the exit code of the command that ran. */
export function createProgram(context: Context, finish: (exitCode: number) => void): Command {
  const program = new Command('bench')
    .description('Measures what container storage drivers cost a workload, side by side on the same disk.')
    .version(context.version)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: (text) => context.stdout.write(text), writeErr: () => undefined })
    .addHelpText('after', EXAMPLES)
    .hook('preAction', (_, command) => refuseEmptyPaths(command))
  for (const register of COMMANDS) register(program, context, finish)
  return program
}

const EXAMPLES = `
Examples:
  bench run --driver overlay2 --scenario bigfile
  bench run --driver overlay2,overlay2@xfs,btrfs --scenario bigfile --set size=256M --cache both
  bench plan --driver all --scenario all --profile standard
  bench report bench-runs/20260131-142501-k3x9
  bench compare bench-runs/20260131-142501-k3x9 bench-runs/20260201-142507-p0qd

Exit codes: 0 done, 1 a bug, 2 wrong use or input, 3 nothing requested can run here, 4 the host is not ready,
5 some cell failed, 6 something could not be removed, 7 a gate failed,
8 a gate could not be decided, 128+n stopped by signal n.
`
