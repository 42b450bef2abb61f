/** `bench claims`: what texts say of storage drivers, tested by one run. */
import type { ClaimInfo } from '../contracts/claims.ts'
import { ExitCode, usageError } from '../contracts/error.ts'
import { absentHere } from '../host/absent.ts'
import { composePlan } from '../plan/compose.ts'
import { outputDirectory, type Request } from '../plan/request.ts'
import { suggestion } from '../plan/suggest.ts'
import { readRun } from '../results/run-folder.ts'
import { useColor } from '../terminal/color.ts'
import { wrapText } from '../terminal/wrap-text.ts'
import { widthOf, type Context } from './context.ts'
import { measureHere } from './measure-here.ts'
import { requireRoot } from './namespace.ts'
import { requireOneForm } from './one-form.ts'
import { whereAllowed, writeReport } from './write-report.ts'

export interface ClaimsFlags {
  quick?: true
  only?: string
  list?: true
  scratch?: string
  device?: string
  destroy?: string
  scratchSize?: string
  output?: string
  json?: true
  markdown?: true
  quiet?: true
}

/** File of a run folder with the judged claims. */
export const CLAIMS_FILE = 'claims.html'

/** Rounds, and the time after which none is begun. Choices: a round takes about half a minute. */
const ROUNDS = {
  quick: { rounds: '4', 'max-rounds': '10', budget: '7m' },
  full: { rounds: '8', 'max-rounds': '30', budget: '30m' },
} as const

/** Measures what the claims need, or reads a run that did, and shows what is true. */
export async function claims(
  folder: string | undefined,
  flags: ClaimsFlags,
  context: Context,
): Promise<number> {
  requireOneForm(flags, 'the claims')
  const chosen = choose(await context.claims(), flags.only)
  if (flags.list) return list(chosen, context)
  if (folder === undefined) return measure(chosen, flags, context)
  requireAlone(flags)
  await show(folder, chosen, flags, context)
  return ExitCode.done
}

/** A run that is there is not measured again. */
function requireAlone({ quick, scratch, device, destroy, scratchSize, output }: ClaimsFlags): void {
  const given = Object.entries({ quick, scratch, device, destroy, 'scratch-size': scratchSize, output })
  const [wrong] = given.find(([, value]) => value !== undefined) ?? []
  if (wrong !== undefined)
    throw usageError('conflict', `--${wrong} is about measuring, and a run is given`, 'leave out one of them')
}

/** Returns the claims of `--only`, or all. Throws a usage error for an unknown one. */
function choose(all: readonly ClaimInfo[], only: string | undefined): readonly ClaimInfo[] {
  if (only === undefined) return all
  const ids = all.map(({ id }) => id)
  return only.split(',').map((text) => {
    const found = all.find(({ id }) => id === text.trim())
    if (found === undefined)
      throw usageError('unknown-claim', `--only ${text}: there is no such claim`, suggestion(text, ids))
    return found
  })
}

function list(chosen: readonly ClaimInfo[], { stdout }: Context): number {
  for (const { id, says } of chosen)
    stdout.write(`${id}\n  ${wrapText(says, widthOf(stdout) - 2).join('\n  ')}\n`)
  return ExitCode.done
}

async function measure(chosen: readonly ClaimInfo[], flags: ClaimsFlags, context: Context): Promise<number> {
  requireRoot('bench claims')
  const plan = composePlan(partsOf(chosen), commonOf(flags), await context.registry(), absentHere())
  const command = ['bench', ...process.argv.slice(2)].join(' ')
  const place = { output: outputDirectory(flags), command }
  const shown = { json: false, quiet: flags.quiet ?? false, silent: true }
  const end = await measureHere(plan, place, shown, context)
  await show(end.folder, chosen, flags, context)
  return end.exitCode
}

function partsOf(chosen: readonly ClaimInfo[]): Request[] {
  return chosen.flatMap(({ parts }) =>
    parts.map(({ driver, scenario, set }) => ({
      driver: [...driver],
      scenario: [scenario],
      set: Object.fromEntries(Object.entries(set).map(([key, value]) => [key, [value]])),
    })),
  )
}

/** Options of the whole run. Claims name what they compare with, so controls are not added. */
function commonOf({ quick, scratch, device, destroy, scratchSize }: ClaimsFlags): Request {
  const given = { scratch, device, destroy, 'scratch-size': scratchSize }
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    profile: 'quick',
    controls: 'off',
    ...ROUNDS[quick ? 'quick' : 'full'],
  }
}

/** Judges a run, writes the page into its folder, and prints the claims. */
async function show(
  folder: string,
  chosen: readonly ClaimInfo[],
  { json, markdown }: ClaimsFlags,
  context: Context,
): Promise<void> {
  const { run, samples } = readRun(folder)
  const drawn = await context.judgeClaims(
    run,
    samples,
    chosen.map(({ id }) => id),
  )
  const page = whereAllowed(context)(() => writeReport(folder, drawn, CLAIMS_FILE))
  const { stdout } = context
  if (json) stdout.write(`${JSON.stringify({ run: folder, claims: drawn.rows })}\n`)
  else if (markdown) stdout.write(drawn.markdown())
  else
    stdout.write(`${drawn.terminal(widthOf(stdout), useColor(stdout))}\n${page === null ? '' : `${page}\n`}`)
}
