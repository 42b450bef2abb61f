/** Thresholds of a gate as text: `--gate KEY=SHARE`, the `gate` section of a plan file, `--threshold` of bench compare. */
import { usageError } from '../contracts/error.ts'
import type { ScenarioInfo } from '../contracts/run.ts'
import { GATED_COUNTERS, GENERAL, type Thresholds } from '../contracts/thresholds.ts'
import { shareOf } from './request.ts'
import { suggestion } from './suggest.ts'

/** A scenario that keys may name, and its phases. */
export interface GatedScenario {
  id: string
  phases: readonly Pick<ScenarioInfo['phases'][number], 'id'>[]
}

/**
 * Returns the thresholds of a text each. Throws a usage error as {@link sharesOf} and {@link checkKeys} do. `flag`: where
 * they were given.
 */
export function thresholdsOf(
  texts: Readonly<Record<string, string>>,
  scenarios: readonly GatedScenario[],
  flag: string,
): Thresholds {
  checkKeys(Object.keys(texts), scenarios, flag)
  return sharesOf(texts, flag)
}

/** Returns the share of each text; throws a usage error for one that is none. */
export function sharesOf(texts: Readonly<Record<string, string>>, flag: string): Thresholds {
  return Object.fromEntries(
    Object.entries(texts).map(([key, share]) => {
      const isCounter = GATED_COUNTERS.some((counter) => key.split('.').at(-1) === counter)
      // An interval of times never excludes that one is worse at all; a counter may be exact.
      return [key, isCounter && share === '0%' ? 0 : shareOf(flag, share)]
    }),
  )
}

/** Throws a usage error for a key that names nothing in these scenarios: a typing error must not pass silently. */
export function checkKeys(keys: readonly string[], scenarios: readonly GatedScenario[], flag: string): void {
  const known = keysOf(scenarios)
  for (const key of keys) {
    if (known.includes(key)) continue
    const [scenario = ''] = key.split('.')
    const isNear = (one: string) => one.startsWith(`${scenario}.`) === key.includes('.')
    throw usageError(
      'gate',
      `${flag}: there is nothing to compare by the name ${key}`,
      suggestion(
        key,
        known.filter((one) => isNear(one) && (key.includes('.') || !one.includes('.'))),
      ),
    )
  }
}

/** `['10%', 'bigfile=20%']` → `{ threshold: '10%', bigfile: '20%' }`. */
export function parseThresholds(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.lastIndexOf('=')
      return at < 0 ? [GENERAL, text] : [text.slice(0, at), text.slice(at + 1)]
    }),
  )
}

function keysOf(scenarios: readonly GatedScenario[]): string[] {
  return [
    GENERAL,
    ...GATED_COUNTERS,
    ...scenarios.flatMap(({ id, phases }) => [
      id,
      ...phases.map((phase) => `${id}.${phase.id}`),
      ...GATED_COUNTERS.map((counter) => `${id}.${counter}`),
    ]),
  ]
}
