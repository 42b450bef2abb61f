import { messageOf } from '../../contracts/error.ts'
import { setUpCommand } from '../../linux/package.ts'

/** One thing that the doctor looked at. */
export interface Check {
  /** A stable, dotted name: `backing.xfs`. */
  id: string
  title: string
  state: 'ok' | 'warning' | 'missing'
  /** Finding, as text. */
  found: string
  /** Advice how to fix it; null where nothing needs fixing. */
  mend: string | null
  /** Whether every measurement needs it. Other checks concern one driver or the quality of the results. */
  needed: boolean
}

/** Subject of a check, without its outcome. */
export interface Subject {
  id: string
  title: string
  needed?: boolean
}

export function ok(subject: Subject, found: string): Check {
  return { ...named(subject), state: 'ok', found, mend: null }
}

export function warning(subject: Subject, found: string, mend: string): Check {
  return { ...named(subject), state: 'warning', found, mend }
}

export function missing(subject: Subject, found: string, mend: string): Check {
  return { ...named(subject), state: 'missing', found, mend }
}

function named({ id, title, needed = false }: Subject): Pick<Check, 'id' | 'title' | 'needed'> {
  return { id, title, needed }
}

/** Runs a check that tries the thing out: whatever it throws is the finding. */
export async function tried(
  subject: Subject,
  mend: string,
  work: () => Check | Promise<Check>,
): Promise<Check> {
  try {
    return await work()
  } catch (error) {
    return missing(subject, messageOf(error), mend)
  }
}

export const SET_UP = `${setUpCommand()} installs it`
export const BE_ROOT = 'run as root: sudo bench doctor'
