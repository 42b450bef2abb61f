/** Changes that many cells share: of the host, and between two epochs. */
import type { History, HistoryChange } from '../../harness/contracts/history.ts'
import { formatPercent, plural } from '../format/format.ts'
import { groupBy } from '../summary/group-by.ts'
import { differencesText, KINDS } from './sentences.ts'

export interface ChangeGroup {
  kind: 'host' | 'epoch'
  host: string
  direction: HistoryChange['direction']
  /** When the first of its changes began. */
  at: string
  run: string
  /** At least one. */
  changes: readonly HistoryChange[]
}

/** Runs between the first and the last change of a group, at most: a change is known to a few runs. */
const APART = 10

/** Tells whether a change is told by itself, and not with those of other cells. */
export function isAlone({ kind }: HistoryChange): boolean {
  return kind === 'driver' || kind === 'control'
}

/** Returns the groups, the newest first. */
export function changeGroups({ changes, runs }: Pick<History, 'changes' | 'runs'>): ChangeGroup[] {
  const numbers = new Map(runs.map(({ id, at }, number) => [`${id} ${at}`, number]))
  const numberOf = ({ run, at }: HistoryChange) => numbers.get(`${run} ${at}`) ?? 0
  const shared = changes.filter((change) => !isAlone(change)).toReversed()
  const alike = groupBy(
    shared,
    ({ host, epoch, kind, direction }) => `${host}\n${epoch} ${kind} ${direction}`,
  )
  const groups = [...alike.values()].flatMap((some) => inClusters(some, numberOf)).map(groupOf)
  return groups.toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
}

function inClusters(
  changes: readonly HistoryChange[],
  numberOf: (change: HistoryChange) => number,
): HistoryChange[][] {
  const clusters: HistoryChange[][] = []
  for (const change of changes) {
    const cluster = clusters.at(-1)
    const first = cluster?.[0]
    if (cluster === undefined || first === undefined || numberOf(change) - numberOf(first) > APART)
      clusters.push([change])
    else cluster.push(change)
  }
  return clusters
}

function groupOf(changes: readonly HistoryChange[]): ChangeGroup {
  const { host, direction, at, run, kind } = changes[0] as HistoryChange
  return { kind: kind === 'epoch' ? 'epoch' : 'host', host, direction, at, run, changes }
}

/** `9 cells worse by 5.9 % to 6.8 %`. */
export function groupTitle({ changes, direction }: ChangeGroup): string {
  const shares = changes.map(({ factor }) => Math.abs(factor - 1))
  const [least, most] = [Math.min(...shares), Math.max(...shares)].map(formatPercent)
  return `${plural(changes.length, 'cell')} ${direction} by ${least === most ? least : `${least} to ${most}`}`
}

export function groupText({ kind, changes }: ChangeGroup): string {
  return `${KINDS[kind]}; ${differencesText(changes[0] as HistoryChange)}`
}
