/** Measures one cell in a lab machine that boots the kernel just built. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Cell } from '../contracts/cell.ts'
import { BenchError } from '../contracts/error.ts'
import { HOSTS_FOLDER } from '../contracts/fleet.ts'
import { formatSize } from '../contracts/units.ts'
import type { Request } from '../plan/request.ts'
import type { FoundRun } from '../results/history.ts'
import { RUN_FILE } from '../results/run-folder.ts'
import type { Context } from './context.ts'
import type { UpFlags } from './lab-request.ts'
import { labUp } from './lab-up.ts'
import { labDown } from './lab.ts'
import { nowhere } from './measure-again.ts'
import { runOnHosts } from './run-on-hosts.ts'

export type BisectLabFlags = Pick<
  UpFlags,
  'kernel' | 'modules' | 'initrd' | 'append' | 'flavour' | 'memory' | 'scratch'
>

/** Exit codes above are 128 plus the number of the signal that stopped it. */
const SIGNALLED = 128

interface Wanted {
  good: FoundRun
  cell: Cell
  rounds: number
  output: string
}

/**
 * Boots a machine, measures there, brings the run home and removes the machine. Throws `bisect.untestable` where the kernel
 * does not boot or nothing comes home, and whatever else prevents it.
 */
export async function measureInLab(wanted: Wanted, flags: BisectLabFlags, context: Context): Promise<string> {
  const name = `bisect-${process.pid}`
  const silent = { ...context, stdout: nowhere() }
  await boot({ ...flags, name }, silent)
  try {
    mkdirSync(wanted.output, { recursive: true })
    const output = mkdtempSync(join(resolve(wanted.output), 'bisect-'))
    const code = await runOnHosts(requestOf(wanted, name, output), { json: false, quiet: true }, silent)
    if (code > SIGNALLED) throw new BenchError('it was stopped by a signal', { code: 'bisect.stopped' })
    return runIn(output, name)
  } finally {
    await labDown([name], false, silent)
  }
}

/** `flags`: of the lab machine. */
async function boot(
  { kernel, modules, initrd, append, flavour, memory, scratch, name }: UpFlags,
  context: Context,
): Promise<void> {
  const given = Object.entries({ kernel, modules, initrd, append, flavour, memory, scratch, name })
  const known = Object.fromEntries(given.filter(([, value]) => value !== undefined)) as UpFlags
  try {
    const code = await labUp(known, context)
    if (code !== 0)
      throw new BenchError('the machine was stopped while it booted', { code: 'bisect.stopped' })
  } catch (error) {
    if (!(error instanceof BenchError && error.code === 'lab.boot-failed')) throw error
    throw new BenchError(`the kernel does not boot: ${error.message}`, {
      code: 'bisect.untestable',
      cause: error,
    })
  }
}

/** Returns the request whose plan has this cell and its controls alone. */
export function requestOf({ good, cell, rounds, output }: Wanted, host: string, folder = output): Request {
  const { options } = good.run
  const set = Object.entries(cell.params).map(([key, value]): [string, string[]] => [
    `${cell.scenario}.${key}`,
    [value],
  ])
  return {
    driver: [cell.configuration],
    scenario: [cell.scenario],
    profile: options.profile,
    ...(set.length === 0 ? {} : { set: Object.fromEntries(set) }),
    cache: cell.cache,
    rounds: String(rounds),
    'max-rounds': String(rounds),
    seed: String(options.seed),
    calibration: 'none',
    [options.scratch.kind === 'loop' ? 'scratch' : 'device']: options.scratch.path,
    'scratch-size': formatSize(options.scratch.size),
    output: folder,
    host: [host],
  }
}

/** Returns the run folder of the only host of the only fleet in `output`. */
function runIn(output: string, host: string): string {
  const [fleet = ''] = readdirSync(output)
  const folder = join(output, fleet, HOSTS_FOLDER, host)
  if (existsSync(join(folder, RUN_FILE))) return folder
  throw new BenchError(`nothing was measured in the machine: ${join(output, fleet)} has no run of it`, {
    code: 'bisect.untestable',
  })
}
