/** What a validation measures: configurations beside themselves, and beside themselves with a known delay. */
import type { Request } from '../plan/request.ts'

/** Shares by which a configuration is made slower on purpose, by the label that says so. */
export const DELAYS: Readonly<Record<string, string>> = { plus2: '2%', plus5: '5%', plus10: '10%' }
/** The label of a configuration that is its twin in everything. */
export const TWIN = 'again'

/** Also beside themselves, so that a false alarm is looked for where another mechanism works. */
const OTHERS = ['overlay2@xfs', 'btrfs']
const DELAYED = 'overlay2'

/**
 * No cell may be done before the time is: every round is a further chance of a false alarm, and of finding the delay.
 */
const NEVER_PRECISE = '0.001%'

/** For both runs together, from the calibration to the last round. */
export const DEFAULT_BUDGET = { quick: '4m', full: '50m' } as const

export interface ValidationOptions {
  quick: boolean
  load: 'none' | 'disk'
  /** For this run: there are two, on a quiet host and on a loaded one. */
  seconds: number
  place: ValidationPlace
}

/** As on the command line of a run. */
export type ValidationPlace = Pick<Request, 'seed' | 'scratch' | 'output'>

export function validationRequest({ quick, load, seconds, place }: ValidationOptions): Request {
  const delayed = Object.keys(DELAYS).map((label) => `${DELAYED}#${label}`)
  const twins = [DELAYED, ...(quick ? [] : OTHERS)].flatMap((text) => [text, `${text}#${TWIN}`])
  return {
    ...place,
    driver: [...twins, ...delayed],
    scenario: ['bigfile', 'smallwrites', 'startup', 'metadata'],
    profile: 'quick',
    controls: 'off',
    load,
    budget: `${seconds}s`,
    rounds: '10',
    precision: NEVER_PRECISE,
    inject: Object.fromEntries(
      Object.entries(DELAYS).map(([label, share]) => [`${DELAYED}#${label}`, share]),
    ),
    set: {
      'bigfile.size': quick ? ['16M'] : ['1M', '256M'],
      'smallwrites.op': ['append-many', 'create-many'],
      'smallwrites.files': ['100'],
      'metadata.depth': ['8'],
      image: ['tiny'],
    },
  }
}
