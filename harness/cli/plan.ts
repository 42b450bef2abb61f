import { ExitCode } from '../contracts/error.ts'
import type { Plan } from '../contracts/plan.ts'
import { roundOrder } from '../plan/order.ts'
import { UNBOUNDED_ROUNDS } from '../plan/plan.ts'
import type { Request } from '../plan/request.ts'
import type { Context } from './context.ts'
import { planHere } from './plan-here.ts'

/** `bench plan`: what `bench run` with the same options would do; changes nothing. */
export async function plan(request: Request, json: boolean, context: Context): Promise<number> {
  const made = await planHere(request, context)
  const order = roundOrder(made.cells, made.options.seed, 0).map((cell) => cell.id)
  const seconds = estimatedSeconds(made)
  if (json) {
    context.stdout.write(`${JSON.stringify({ ...made, firstRound: order, seconds }, null, 2)}\n`)
    return ExitCode.done
  }
  context.stdout.write(describe(made, seconds))
  return ExitCode.done
}

/** With the fewest rounds, and with the most: how many it takes to the precision, only the run can tell. */
export function estimatedSeconds({ estimate, options }: Plan): { least: number; most: number } {
  const { setUp, round } = estimate.seconds
  const within = (rounds: number) => {
    const all = setUp + round * rounds
    const { budgetSeconds } = options
    return budgetSeconds === null ? all : Math.min(all, Math.max(budgetSeconds, setUp + round))
  }
  return { least: within(options.rounds), most: within(options.maxRounds) }
}

function describe(made: Plan, seconds: ReturnType<typeof estimatedSeconds>): string {
  const { options, cells, estimate } = made
  const absent = Object.entries(estimate.absent)
  const count = options.configurations.length - absent.length
  const here = cells.filter(({ configuration }) => !(configuration in estimate.absent)).length
  const size = formatBytes(options.scratch.size)
  const scratch =
    options.scratch.kind === 'loop'
      ? `${count} loop files of ${size} (${formatBytes(count * options.scratch.size)}) in ${options.scratch.path}`
      : `${count} equal partitions of at least ${size} on ${options.scratch.path}`
  const summary = [
    `${cells.length} cells${here === cells.length ? '' : ` (${here} can be measured here)`} × ${rangeOf(options.rounds, options.maxRounds)} rounds, profile ${options.profile}, seed ${options.seed}`,
    `disk: ${scratch}`,
    `time: about ${rangeOf(minutes(seconds.least), minutes(seconds.most))} min${options.budgetSeconds === null ? '' : `, budget ${formatMinutes(options.budgetSeconds)}`}`,
    ...(absent.length === 0 ? [] : [`not here: ${byReason(absent).join('; ')}`]),
    ...leftOutLines(made, seconds),
  ]
  return `${[...summary, '', ...workloadLines(made), '', 'The cells and the order of the first round: --json.'].join('\n')}\n`
}

/** Returns what the budget leaves no room for, and whether it is enough for the rest. */
function leftOutLines({ options }: Plan, { least }: ReturnType<typeof estimatedSeconds>): string[] {
  const { leftOut, budgetSeconds } = options
  if (budgetSeconds === null) return []
  if (least <= budgetSeconds)
    return leftOut.length === 0 ? [] : [`left out, so that the rounds fit the budget: ${leftOut.join('; ')}`]
  const short = `the budget is too small: the first round alone ends after ${formatMinutes(least)}`
  return leftOut.length === 0 ? [short] : [short, `left out for it: ${leftOut.join('; ')}`]
}

/** Returns each workload once, with the configurations that it is measured on where these are not all. */
function workloadLines({ options, cells }: Plan): string[] {
  const workloads = new Map<string, Set<string>>()
  for (const { scenario, label, cache, configuration } of cells) {
    const name = `${scenario}: ${label}, ${cache} cache`
    workloads.set(name, (workloads.get(name) ?? new Set()).add(configuration))
  }
  const all = options.configurations
  return [
    `${all.length} configurations: ${all.join(', ')}`,
    ...[...workloads].map(([name, own]) =>
      own.size === all.length ? `  ${name}` : `  ${name}: on ${[...own].join(', ')}`,
    ),
  ]
}

/** `35 min`, `40 s`. */
function formatMinutes(seconds: number): string {
  return seconds < 60 ? `${Math.ceil(seconds)} s` : `${minutes(seconds)} min`
}

/** In GiB from one on: `32.3 GiB`. */
function formatBytes(bytes: number): string {
  return bytes < 1024 ** 3 ? `${Math.ceil(bytes / 1024 ** 2)} MiB` : `${(bytes / 1024 ** 3).toFixed(1)} GiB`
}

/** `zfs, bare@zfs: this kernel has no zfs`. */
function byReason(absent: readonly (readonly [string, string])[]): string[] {
  const reasons = new Set(absent.map(([, reason]) => reason))
  return [...reasons].map((reason) => {
    const whose = absent.filter(([, other]) => other === reason).map(([configuration]) => configuration)
    return `${whose.join(', ')}: ${reason}`
  })
}

function minutes(seconds: number): number {
  return Math.max(1, Math.ceil(seconds / 60))
}

/** A budget sets no end to the rounds; then there is only a least. */
function rangeOf(least: number, most: number): string {
  if (least === most) return String(least)
  return most >= UNBOUNDED_ROUNDS ? `at least ${least}` : `${least} to ${most}`
}
