import { ExitCode } from '../contracts/error.ts'
import { formatSize } from '../contracts/units.ts'
import { roundOrder } from '../plan/order.ts'
import { makePlan, type Plan } from '../plan/plan.ts'
import type { Request } from '../plan/request.ts'
import type { Context } from './context.ts'

/** `bench plan`: what `bench run` with the same options would do; changes nothing. */
export async function plan(request: Request, json: boolean, context: Context): Promise<number> {
  const made = makePlan(request, await context.registry())
  const order = roundOrder(made.cells, made.options.seed, 0).map((cell) => cell.id)
  const seconds = estimatedSeconds(made)
  if (json) {
    const { options, estimate } = made
    const cells = made.cells.map(({ configuration: _, paramSet: __, ...cell }) => cell)
    context.stdout.write(
      `${JSON.stringify({ options, cells, firstRound: order, estimate, seconds }, null, 2)}\n`,
    )
    return ExitCode.done
  }
  context.stdout.write(describe(made, order, seconds))
  return ExitCode.done
}

export function estimatedSeconds(made: Plan): number {
  const { setUp, round } = made.estimate.seconds
  const all = setUp + round * made.options.rounds
  const { budgetSeconds } = made.options
  return budgetSeconds === null ? all : Math.min(all, Math.max(budgetSeconds, setUp + round))
}

function describe(made: Plan, order: readonly string[], seconds: number): string {
  const { options, cells } = made
  const count = options.drivers.length
  const scratch =
    options.scratch.kind === 'loop'
      ? `${count} loop files of ${formatSize(options.scratch.size)} (${formatSize(count * options.scratch.size)}) in ${options.scratch.path}`
      : `${count} equal partitions of at least ${formatSize(options.scratch.size)} on ${options.scratch.path}`
  const lines = [
    `${cells.length} cells × ${options.rounds} rounds, profile ${options.profile}, seed ${options.seed}`,
    `disk: ${scratch}`,
    `time: about ${Math.max(1, Math.ceil(seconds / 60))} min${options.budgetSeconds === null ? '' : `, budget ${options.budgetSeconds} s`}`,
    '',
    'cells',
    ...cells.map((cell) => `  ${cell.id}${cell.control === null ? '  (control)' : ''}`),
    '',
    'order of the first round',
    ...order.map((id, index) => `  ${String(index + 1).padStart(String(order.length).length)}. ${id}`),
  ]
  return `${lines.join('\n')}\n`
}
