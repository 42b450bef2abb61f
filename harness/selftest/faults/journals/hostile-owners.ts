/** Journals whose first line says another owner, boot, machine or place. */
import { bootId } from '../../../linux/process.ts'
import {
  begin,
  LEFT_ALONE,
  linesOf,
  NOT_OBEYED,
  TOLD,
  UNDONE,
  writeJournal,
  type HostileJournal,
  type Wanted,
} from './hostile.ts'
import { EARLIER_BOOT } from './hostile-entries.ts'
import { OTHER, SCRATCH } from '../world.ts'

function owner(kind: string, changes: object, wanted: Wanted): HostileJournal {
  return {
    kind: `owner: ${kind}`,
    plant: (spot) => writeJournal(spot.path, linesOf(spot, [], changes)),
    wanted,
  }
}

/** Returns the journals. */
export function hostileOwners(): HostileJournal[] {
  const living = { pid: process.pid, pidNamespace: undefined }
  const elsewhere = [{ path: SCRATCH, at: SCRATCH, inode: 3, memory: false }]
  return [
    owner('another run than its file name says', { run: OTHER }, NOT_OBEYED),
    owner('no run', { run: '' }, NOT_OBEYED),
    owner('a run called ..', { run: '..' }, NOT_OBEYED),
    owner('a run called home', { run: 'home' }, NOT_OBEYED),
    owner('a machine that shares the folder', { bootId: EARLIER_BOOT, machine: 'another' }, LEFT_ALONE),
    owner('a place that is another now', { places: elsewhere }, NOT_OBEYED),
    owner('no place', { places: [] }, NOT_OBEYED),
    owner('an earlier boot', { bootId: EARLIER_BOOT }, UNDONE),
    owner('an earlier bench, whose process is another now', { ...living, startTime: 1 }, UNDONE),
    owner('another boot of this moment', { bootId: `${bootId()}x` }, UNDONE),
    {
      kind: 'owner: not said',
      plant: (spot) => writeJournal(spot.path, linesOf(spot, []).slice(1)),
      wanted: NOT_OBEYED,
    },
    {
      kind: 'owner: said again, as another',
      plant: (spot) =>
        writeJournal(spot.path, [...linesOf(spot, []), begin({ run: OTHER, places: undefined })]),
      wanted: TOLD,
    },
  ]
}
