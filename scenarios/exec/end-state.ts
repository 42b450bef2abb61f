/**
 * Holds the end states of all drivers against each other: equal work leaves equal trees. What differs between two samples of one
 * configuration (a log with the time in it) belongs to the command and is left out.
 */
import { contradiction } from '../common/witness.ts'
import type { EndState } from './changes.ts'

/** Paths that are named in a message. */
const MOST_NAMED = 3

interface Known {
  /** The first that was seen, whose configuration it was does not count. */
  first: EndState
  /** The first of each configuration, by the devices of its store. */
  own: Map<string, EndState>
  /** Paths that differed between two samples of one configuration. */
  unstable: Set<string>
}

const known = new Map<string, Known>()

export interface Compared {
  /** Paths that differ between two samples of one configuration, as far as that is known. */
  unstable: readonly string[]
  /** Whether the state was held against that of another sample of its configuration, and so against the other drivers'. */
  compared: boolean
}

/**
 * Compares a state with those of the same work before it. `work` names image, command and limits; `store` the devices of the configuration. Throws
 * `witness.content` where a path differs between drivers.
 */
export function compareEnd(work: string, store: string, end: EndState): Compared {
  const before = known.get(work)
  if (before === undefined) {
    known.set(work, { first: end, own: new Map([[store, end]]), unstable: new Set() })
    return { unstable: [], compared: false }
  }
  const { first, own, unstable } = before
  const mine = own.get(store)
  if (mine === undefined) {
    own.set(store, end)
    return { unstable: [...unstable], compared: false }
  }
  for (const path of differing(mine, end)) unstable.add(path)
  const wrong = differing(first, end).filter((path) => !unstable.has(path))
  if (wrong.length > 0) throw otherEnd(wrong, first, end)
  return { unstable: [...unstable], compared: true }
}

function differing(one: EndState, other: EndState): string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter((path) => one.get(path) !== other.get(path))
}

function otherEnd(paths: readonly string[], first: EndState, end: EndState) {
  const named = paths
    .slice(0, MOST_NAMED)
    .map(
      (path) =>
        `${path} is ${end.get(path) ?? 'as in the image'}, and was ${first.get(path) ?? 'as in the image'}`,
    )
  const more = paths.length > MOST_NAMED ? `; and ${paths.length - MOST_NAMED} more paths` : ''
  return contradiction(
    'content',
    `the command left another tree here than on the first driver, though it leaves the same each time: ${named.join('; ')}${more}`,
  )
}
