import { ExitCode } from '../contracts/error.ts'
import type { Plan } from '../contracts/plan.ts'
import { formatSize } from '../contracts/units.ts'
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
  context.stdout.write(describe(made, order, seconds))
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

function describe(
  made: Plan,
  order: readonly string[],
  seconds: ReturnType<typeof estimatedSeconds>,
): string {
  const { options, cells, estimate } = made
  const absent = Object.entries(estimate.absent)
  const count = options.configurations.length - absent.length
  const scratch =
    options.scratch.kind === 'loop'
      ? `${count} loop files of ${formatSize(options.scratch.size)} (${formatSize(count * options.scratch.size)}) in ${options.scratch.path}`
      : `${count} equal partitions of at least ${formatSize(options.scratch.size)} on ${options.scratch.path}`
  const lines = [
    `${cells.length} cells × ${rangeOf(options.rounds, options.maxRounds)} rounds, profile ${options.profile}, seed ${options.seed}`,
    `disk: ${scratch}`,
    `time: about ${rangeOf(minutes(seconds.least), minutes(seconds.most))} min${options.budgetSeconds === null ? '' : `, budget ${options.budgetSeconds} s`}`,
    ...(absent.length === 0 ? [] : [`not here: ${byReason(absent).join('; ')}`]),
    ...(options.leftOut.length === 0
      ? []
      : [`left out, so that three rounds fit the budget: ${options.leftOut.join('; ')}`]),
    '',
    'cells',
    ...cells.map((cell) => `  ${cell.id}${cell.control === null ? '  (control)' : ''}`),
    '',
    'order of the first round',
    ...order.map((id, index) => `  ${String(index + 1).padStart(String(order.length).length)}. ${id}`),
  ]
  return `${lines.join('\n')}\n`
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
