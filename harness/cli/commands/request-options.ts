/** Options of a run, which `run`, `plan` and plan files share, and how flags become a request. */
import { Option, type Command } from 'commander'
import type { Request } from '../../plan/request.ts'

/** Flags as commander parses them: the keys of a request in camel case, and those that say how to show the result. */
export type RequestFlags = Readonly<Record<string, unknown>>

/** Flags of `run` and `plan` that are not part of a request. */
const NOT_OF_A_REQUEST: ReadonlySet<string> = new Set(['json', 'quiet', 'tables', 'plan'])

export function requestOptions(command: Command): Command {
  return command
    .option(
      '--driver <configurations>',
      '[ENGINE:]NAME[@BACKING][+OPTION=VALUE]…[#LABEL], comma-separated; @BACKING is the file system below: overlay2@xfs; ' +
        'all: the usual configurations of each driver; engines: the same through container engines',
      repeatable,
    )
    .option('--scenario <names>', 'comma-separated, or all', repeatable)
    .option(
      '--image <path>',
      'your own image, in place of the made-up one: an OCI layout (folder or tar), or what docker save wrote',
    )
    .option('--profile <name>', 'quick (default), standard or thorough')
    .option('--set <key=values>', "parameter values that replace the profile's: size=1M,16M", repeatable)
    .option(
      '--rounds <n>',
      'minimum number of rounds; one round measures every cell once (default: quick 3, standard 5, thorough 20)',
    )
    .option(
      '--max-rounds <n>',
      'maximum number of rounds (default: --rounds if given, else quick 5, standard 40, thorough 100)',
    )
    .option(
      '--precision <share>',
      'measure until each answer is known, and each ratio to the plain directory to ± this or a tenth of its distance from 1 ' +
        '(default: 3%)',
    )
    .option('--same <share>', 'costs that differ by less are about the same (default: 10%)')
    .option(
      '--budget <time>',
      'start no new round after this long, e.g. 10m; until then keep measuring towards --precision (default: none; ' +
        'standard without --rounds: 35m)',
    )
    .option('--cache <state>', 'cold, warm or both (default: warm; thorough: both)')
    .option('--seed <n>', 'seed for cell order and generated data (default: 1)')
    .option('--calibration <extent>', 'none, brief or full (default: brief; thorough: full)')
    .option('--controls <word>', 'off: measure no plain-directory controls (default: on)')
    .option(
      '--inject <configuration=delay>',
      'delay the phases (overlay2#slow=5%) or, by dm-delay, the flushes (overlay2#slow=20ms/flush) of a ' +
        'configuration, to test whether the delay is found',
      repeatable,
    )
    .option(
      '--gate <key=share>',
      'how much worse than an earlier run bench compare lets this one be: threshold=5%, SCENARIO=…, SCENARIO.PHASE=…, ' +
        'flushes=…, written=…, allocated=…, SCENARIO.COUNTER=…',
      repeatable,
    )
    .option('--load <kind>', 'disk: a second process keeps the disk busy (default: none)')
    .option('--scratch <dir>', 'folder for loop files (default: in the state directory)')
    .option('--device <dev>', 'a whole disk or partition to format and overwrite')
    .addOption(
      new Option('--destroy <name>', 'with --device: its by-id name or serial, to overwrite the data on it'),
    )
    .option('--scratch-size <size>', 'scratch of each configuration (default: as planned)')
    .option('--output <dir>', 'parent of the run folder (default: bench-runs)')
    .option('--plan <file>', 'YAML file with these options; flags override it')
}

export function hostOptions(command: Command): Command {
  return command
    .option('--host <names>', 'measure on these hosts, comma-separated; see bench host', repeatable)
    .option('--inventory <file>', 'measure on the hosts of this Ansible inventory')
    .option('--limit <pattern>', 'with --inventory: only hosts that match (default: all)')
    .option('--patience <time>', 'how long to retry a lost connection to a host (default: 2m)')
}

/** Returns the request of the flags and the plan file; throws a usage error for a wrong one. */
export async function requestOf(flags: RequestFlags): Promise<Request> {
  const { mergeRequests, parseInjections, parseRequest, parseSets, readPlanFile } =
    await import('../../plan/request.ts')
  const { parseThresholds } = await import('../../plan/gate.ts')
  const given = Object.entries(flags).filter(
    ([key, value]) => value !== undefined && !NOT_OF_A_REQUEST.has(key),
  )
  const keys = Object.fromEntries(given.map(([key, value]) => [kebab(key), value]))
  const { set, inject, gate } = keys
  const request = parseRequest(
    {
      ...keys,
      ...(set === undefined ? {} : { set: parseSets(set as string[]) }),
      ...(inject === undefined ? {} : { inject: parseInjections(inject as string[]) }),
      ...(gate === undefined ? {} : { gate: parseThresholds(gate as string[]) }),
    },
    'command line',
  )
  const { plan } = flags
  return typeof plan === 'string' ? mergeRequests(readPlanFile(plan), request) : request
}

function repeatable(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value]
}

function kebab(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
