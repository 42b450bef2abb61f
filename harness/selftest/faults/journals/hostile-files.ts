/** What lies where a journal would, and is none of this user's own. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
} from 'node:fs'
import { join } from 'node:path'
import {
  begin,
  linesOf,
  NOT_OBEYED,
  record,
  UNDONE,
  writeJournal,
  type HostileJournal,
  type Spot,
  type Wanted,
} from './hostile.ts'
import { NOBODY, PRECIOUS, RUN } from '../world.ts'

/** Plants a good journal, and then spoils what it is. */
export function spoiled(kind: string, spoil: (spot: Spot) => void, wanted = NOT_OBEYED): HostileJournal {
  return {
    kind,
    plant(spot) {
      writeJournal(spot.path, linesOf(spot, []))
      spoil(spot)
    },
    wanted,
  }
}

/** Plants something else in its place. */
function instead(kind: string, put: (path: string) => void): HostileJournal {
  return spoiled(`journal: ${kind}`, ({ path }) => {
    rmSync(path)
    put(path)
  })
}

function make(program: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program}: ${stderr}`)
}

const listen = (path: string) =>
  `require('net').createServer().listen(${JSON.stringify(path)}, () => process.exit())`

function files(): HostileJournal[] {
  return [
    spoiled('journal: a link to a good one', ({ directory, path }) => {
      renameSync(path, `${directory}.elsewhere`)
      symlinkSync(`${directory}.elsewhere`, path)
    }),
    instead('a link to nothing', (path) => symlinkSync('/nowhere', path)),
    instead('a link to itself', (path) => symlinkSync(path, path)),
    instead('a link to what is precious', (path) => symlinkSync(`${PRECIOUS}/photo`, path)),
    instead('a folder', (path) => mkdirSync(path)),
    instead('a pipe', (path) => make('mkfifo', path)),
    instead('an endless device', (path) => make('mknod', path, 'c', '1', '5')),
    instead('a disk', (path) => make('mknod', path, 'b', '7', '250')),
    instead('a socket', (path) => make(process.execPath, '-e', listen(path))),
    spoiled('journal: of another user', ({ path }) => chownSync(path, NOBODY, NOBODY)),
    spoiled('journal: another group may write', ({ path }) => chmodSync(path, 0o660)),
    spoiled('journal: everyone may write', ({ path }) => chmodSync(path, 0o666)),
    spoiled('journal: larger than any', ({ path }) => truncateSync(path, 2 ** 40)),
    spoiled(
      'journal: a second name of it elsewhere',
      ({ directory, path }) => linkSync(path, `${directory}.elsewhere`),
      UNDONE,
    ),
  ]
}

/** What is odd is the folder, so that nothing in it is obeyed. */
function folders(): HostileJournal[] {
  const folder = (kind: string, spoil: (directory: string) => void) =>
    spoiled(`folder: ${kind}`, ({ directory }) => spoil(directory))
  return [
    folder('of another user', (directory) => chownSync(directory, NOBODY, NOBODY)),
    folder('everyone may write', (directory) => chmodSync(directory, 0o1777)),
    folder('another group may write', (directory) => chmodSync(directory, 0o770)),
    folder('a link to a good one', (directory) => {
      renameSync(directory, `${directory}.elsewhere`)
      symlinkSync(`${directory}.elsewhere`, directory)
    }),
  ]
}

/** Returns the names that lie beside it. */
function besides(): HostileJournal[] {
  const beside = (kind: string, name: string, wanted: Wanted) =>
    spoiled(
      `beside it: ${kind}`,
      ({ directory }) =>
        writeJournal(join(directory, name), [begin(), record({ kind: 'directory', path: '/home' })]),
      wanted,
    )
  const told: Wanted = { exit: 6, journal: 'goes', own: 'goes' }
  return [
    beside('a name that a terminal obeys', `\u001B[2J\n${RUN}.ndjson`, told),
    beside('no name', '.ndjson', told),
    beside('a copy under another name', `${RUN} (copy).ndjson`, told),
    beside('what is no journal', 'notes.txt', UNDONE),
    beside('one that has just begun', `${RUN}.ndjson.new`, told),
  ]
}

/** Returns the journals. */
export function hostileFiles(): HostileJournal[] {
  return [...files(), ...folders(), ...besides()]
}
