/** Journals with several entries that are not the run's, in any order, and with damage anywhere. */
import { readFileSync, writeFileSync } from 'node:fs'
import { generator } from '../../../statistics/random.ts'
import { linesOf, writeJournal, type HostileJournal, type Spot } from './hostile.ts'

type Random = () => number
type Spoil = (bytes: Buffer, random: Random) => Buffer
type Entry = (spot: Spot) => object

const MOST_ENTRIES = 8

const at = (bytes: Buffer, random: Random) => Math.floor(random() * bytes.length)

const DAMAGE: Readonly<Record<string, Spoil>> = {
  'as they are': (bytes) => bytes,
  'cut anywhere': (bytes, random) => bytes.subarray(0, at(bytes, random)),
  'begun anywhere': (bytes, random) => bytes.subarray(at(bytes, random)),
  'a piece missing': (bytes, random) => {
    const [from = 0, to = 0] = [at(bytes, random), at(bytes, random)].toSorted((a, b) => a - b)
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)])
  },
  'ten bytes changed': (bytes, random) => {
    const changed = Buffer.from(bytes)
    for (let count = 0; count < 10; count += 1) changed[at(bytes, random)] = Math.floor(random() * 256)
    return changed
  },
  'lines in another order': (bytes, random) => {
    const lines = bytes.toString().trimEnd().split('\n')
    const drawn = lines.map((line) => ({ line, key: random() })).toSorted((a, b) => a.key - b.key)
    return Buffer.from(drawn.map(({ line }) => `${line}\n`).join(''))
  },
}

/** Returns `count` journals for each kind of damage, made of the entries of others; the same ones for the same seed. */
export function hostileMixtures(
  others: readonly HostileJournal[],
  count: number,
  seed: number,
): HostileJournal[] {
  const entries = others.flatMap(({ entry }) => entry ?? [])
  return Object.entries(DAMAGE).flatMap(([what, spoil], kind) =>
    Array.from({ length: count }, (_, index) =>
      mixture(`${what}, ${index + 1}`, entries, spoil, seed + kind * count + index),
    ),
  )
}

function mixture(what: string, entries: readonly Entry[], spoil: Spoil, seed: number): HostileJournal {
  return {
    kind: `mixture: ${what}`,
    plant(spot) {
      const random = generator(seed)
      const drawn = Array.from({ length: 1 + Math.floor(random() * MOST_ENTRIES) }, () => {
        const entry = entries[Math.floor(random() * entries.length)]
        return entry?.(spot) ?? {}
      })
      writeJournal(spot.path, linesOf(spot, drawn))
      writeFileSync(spot.path, spoil(readFileSync(spot.path), random))
    },
    wanted: null,
  }
}
