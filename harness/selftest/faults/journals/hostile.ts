/** What a hostile journal is made of. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { machineId, pidNamespace } from '../../../journal/here.ts'
import { placeOf } from '../../../journal/place.ts'
import { bootId } from '../../../linux/process.ts'
import { PLACES, RUN, type World } from '../world.ts'

/** Where a hostile journal is to lie. */
export interface Spot {
  world: World
  /** The folder of the journals. */
  directory: string
  /** The journal of the run. */
  path: string
  /** What the run really made: a folder of this name. */
  own: string
}

export interface HostileJournal {
  /** Says what is hostile about it. */
  kind: string
  plant(spot: Spot): void
  /** Undoes what is not below the folder of the journals. */
  uproot?: (spot: Spot) => void
  /** Null where anything but harm is a good answer. */
  wanted: Wanted | null
  /** Its one entry that is not the run's. */
  entry?: (spot: Spot) => object
}

export interface Wanted {
  exit: 0 | 6
  /** Whether the journal is still there. */
  journal: 'stays' | 'goes'
  /** Whether what the run really made is. */
  own: 'stays' | 'goes'
}

/** `bench clean` names what is odd and leaves it; it removes everything else. */
export const TOLD: Wanted = { exit: 6, journal: 'stays', own: 'goes' }
/** It is not for this program to obey. */
export const NOT_OBEYED: Wanted = { exit: 6, journal: 'stays', own: 'stays' }
export const UNDONE: Wanted = { exit: 0, journal: 'goes', own: 'goes' }
export const LEFT_ALONE: Wanted = { exit: 0, journal: 'stays', own: 'stays' }

/** A process of this boot that has ended. */
const ENDED = { pid: 4_000_000, startTime: 1 }

function owner(changes: object): object {
  return {
    ...ENDED,
    bootId: bootId(),
    run: RUN,
    pidNamespace: pidNamespace(),
    machine: machineId(),
    places: PLACES.map(placeOf),
    ...changes,
  }
}

/** Returns a journal's first line. */
export function begin(changes: object = {}): string {
  return JSON.stringify({ op: 'begin', owner: owner(changes) })
}

/** Returns the line of an entry. */
export function record(entry: object): string {
  return JSON.stringify({ op: 'record', entry })
}

/** Returns the lines of a journal that names what the run really made, and something else after it. */
export function linesOf(spot: Spot, entries: readonly object[], changes: object = {}): string[] {
  return [begin(changes), record({ kind: 'directory', path: spot.own }), ...entries.map(record)]
}

export function writeJournal(path: string, lines: readonly string[]): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 })
}

/** Returns a journal with one entry that is not the run's. */
export function withEntry(
  kind: string,
  given: object | ((spot: Spot) => object),
  wanted = TOLD,
): HostileJournal {
  const entry = typeof given === 'function' ? (given as (spot: Spot) => object) : () => given
  return { kind, plant: (spot) => writeJournal(spot.path, linesOf(spot, [entry(spot)])), wanted, entry }
}
