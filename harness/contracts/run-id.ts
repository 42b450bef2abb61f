/** The id of a run, and how what the run makes is named by it. */
import type { Journal } from './host.ts'

/** The form of an id: `20260131-142501-k3x9`. */
export const RUN_ID = /^\d{8}-\d{6}-[0-9a-z]{4}$/

/** Returns a name for something of the run: `bench-20260131-142501-k3x9-probe`. Where nothing is kept there is no id. */
export function nameOf({ run }: Pick<Journal, 'run'>, what: string): string {
  return run === undefined ? `bench-${what}` : `bench-${run}-${what}`
}
