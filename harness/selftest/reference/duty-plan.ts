/** Which run tells the duty: the standard one of bigfile, as much of it as fits this disk and some minutes. */
import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Host } from '../../contracts/host.ts'
import type { Plan, Registry } from '../../contracts/plan.ts'
import { formatSize } from '../../contracts/units.ts'
import { makePlan } from '../../plan/plan.ts'
import type { Request } from '../../plan/request.ts'
import { resolveCells } from '../../plan/resolve-cells.ts'

const SCENARIO = 'bigfile'
const REQUEST: Request = { driver: ['all'], scenario: [SCENARIO], profile: 'standard' }
/** A round that has begun is brought to its end, and all is taken down after it. */
const BUDGET = '8m'
/** Bytes that stay free beside the scratch. */
const RESERVE = 2 * 1024 ** 3

export interface DutyPlan {
  /** For `bench run`. */
  words: string[]
  /** Parts of the whole standard run that it leaves out, and why; null when none. */
  leftOut: string | null
}

/** Leaves out the largest files until the scratch of all configurations that run here fits the disk. */
export async function planDuty(host: Host, registry: Registry): Promise<DutyPlan> {
  const whole = makePlan(REQUEST, registry)
  const { free, path } = roomFor(whole)
  const configurations = await countSupported(host, whole, registry)
  const sizes = sizesOf(registry)
  const needed = (count: number) => {
    const set = { [`${SCENARIO}.size`]: sizes.slice(0, count) }
    return configurations * makePlan({ ...REQUEST, set }, registry).options.scratch.size
  }
  let count = sizes.length
  while (count > 1 && needed(count) + RESERVE > free) count -= 1
  const words = ['--driver', 'all', '--scenario', SCENARIO, '--profile', 'standard', '--budget', BUDGET]
  if (count === sizes.length) return { words, leftOut: null }
  return {
    words: [...words, '--set', `${SCENARIO}.size=${sizes.slice(0, count).join(',')}`],
    leftOut:
      `without ${sizes.slice(count).join(', ')}: the whole plan needs ${formatSize(needed(sizes.length))} ` +
      `of scratch, ${path} has ${(free / 1024 ** 3).toFixed(0)}G free`,
  }
}

function sizesOf({ scenarios }: Registry): readonly string[] {
  const scenario = scenarios.find(({ meta }) => meta.id === SCENARIO)
  return scenario?.profiles.standard.flatMap((grid) => grid['size'] ?? []) ?? []
}

function roomFor({ options }: Plan): { free: number; path: string } {
  for (let path = options.scratch.path; ; path = dirname(path)) {
    try {
      const { bavail, bsize } = statfsSync(path)
      return { free: bavail * bsize, path }
    } catch {
      if (path === dirname(path)) return { free: 0, path }
    }
  }
}

async function countSupported(host: Host, plan: Plan, registry: Registry): Promise<number> {
  const cells = resolveCells(plan, registry)
  const configurations = new Map(cells.map((resolved) => [resolved.config.text, resolved]))
  let count = 0
  for (const { driver, config } of configurations.values()) {
    if ((await driver.probe(host, config)).ok) count += 1
  }
  return count
}
