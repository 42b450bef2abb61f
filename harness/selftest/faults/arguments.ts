/** The arguments of `npm run bench:faults`. */
import { parseArgs } from 'node:util'

export const PARTS = ['journals', 'devices', 'input', 'kills', 'host', 'soak'] as const
export type Part = (typeof PARTS)[number]

export interface Arguments {
  parts: readonly Part[]
  seed: number
  /** Runs to kill. */
  kills: number
  /** Limit of the kills and length of the soak. */
  minutes: number
  /** Whether good answers are printed, too. */
  all: boolean
}

/** Parses the arguments: parts (default: all but the soak) and flags. Throws where one is unknown or no number. */
export function parseArguments(words: readonly string[], seed: number): Arguments {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      seed: { type: 'string' },
      kills: { type: 'string' },
      minutes: { type: 'string' },
      all: { type: 'boolean' },
    },
  })
  const parts = positionals.length === 0 ? PARTS.filter((part) => part !== 'soak') : positionals.map(partOf)
  return {
    parts,
    seed: count('--seed', values.seed, seed),
    kills: count('--kills', values.kills, 200),
    minutes: count('--minutes', values.minutes, 60),
    all: values.all ?? false,
  }
}

function partOf(word: string): Part {
  const part = PARTS.find((each) => each === word)
  if (part === undefined) throw new Error(`expected one of ${PARTS.join(', ')}, got ${JSON.stringify(word)}`)
  return part
}

function count(flag: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${flag} requires a whole number, got ${JSON.stringify(text)}`)
  return Number(text)
}
