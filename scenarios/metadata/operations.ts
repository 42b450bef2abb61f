/** The operations as they are timed: nothing but the calls of the kernel that they stand for, and a look at the answer. */
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { contradiction } from '../common/witness.ts'
import { absentOf, ENTRIES, FILE_SIZE, fileOf, PLACES, placesOf } from './places.ts'
import type { RepeatedCall } from './series.ts'

/** Titles of their phases, in the order of measurement. */
export const titles = {
  open: 'Open and close a file',
  stat: 'Look at a file',
  'lookup-miss': 'Look for a name that does not exist',
  readdir: 'List a directory',
  read: 'Read 4 KiB of an open file',
} as const

export interface PlannedOperations {
  calls: readonly RepeatedCall[]
  /** Bytes that `read` last read of each of its files. */
  contents: readonly Buffer[]
}

/** Each operation goes round its places. `root`: where the container is mounted. */
export function planOperations(root: string): PlannedOperations {
  const paths = (list: readonly string[]) => list.map((path) => join(root, path))
  const { read, contents } = planRead(paths(placesOf('read').map(fileOf)))
  const calls = [
    goingRound('open', paths(placesOf('open').map(fileOf)), (path) => closeSync(openSync(path, 'r'))),
    goingRound('stat', paths(placesOf('stat').map(fileOf)), (path) => {
      if (statSync(path).size !== FILE_SIZE)
        throw contradiction('content', `${path} is not ${FILE_SIZE} bytes long`)
    }),
    goingRound('lookup-miss', paths(placesOf('lookup-miss').map(absentOf)), (path) => {
      // The making of an exception would be timed with it.
      if (statSync(path, { throwIfNoEntry: false }) !== undefined)
        throw contradiction('content', `${path} exists`)
    }),
    goingRound('readdir', paths(placesOf('readdir')), (path) => {
      const seen = readdirSync(path).length
      if (seen !== ENTRIES) throw contradiction('content', `${path} has ${seen} entries, not ${ENTRIES}`)
    }),
    read,
  ]
  return { calls, contents }
}

function goingRound(
  name: keyof typeof titles,
  paths: readonly string[],
  work: (path: string) => void,
): RepeatedCall {
  let turn = 0
  return {
    name,
    call() {
      work(paths[turn] as string)
      turn = (turn + 1) % PLACES
    },
  }
}

/** The file is opened and closed outside of the clock: that is an operation of its own. */
function planRead(paths: readonly string[]): { read: RepeatedCall; contents: Buffer[] } {
  const contents = paths.map(() => Buffer.alloc(FILE_SIZE))
  let turn = 0
  let fd = -1
  const read: RepeatedCall = {
    name: 'read',
    before() {
      fd = openSync(paths[turn] as string, 'r')
    },
    call() {
      const length = readSync(fd, contents[turn] as Buffer, 0, FILE_SIZE, 0)
      if (length !== FILE_SIZE)
        throw contradiction('content', `read(2) of ${paths[turn]} gave ${length} bytes`)
    },
    after() {
      closeSync(fd)
      turn = (turn + 1) % PLACES
    },
  }
  return { read, contents }
}
