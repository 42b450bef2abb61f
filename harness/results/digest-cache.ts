/**
 * The cache of digests: a first line with the cells and the hosts, and a line a run that refers to them by number. It can be made
 * again at any time.
 */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { fingerprintSchema, type Fingerprint } from '../contracts/fingerprint.ts'
import { historyCellSchema, type HistoryCell, type RunDigest } from '../contracts/history.ts'
import { runSchema } from '../contracts/run.ts'
import { completeLines } from '../linux/lines.ts'
import { replaceFile } from '../linux/replace-file.ts'

/** Rises when what is kept of a run changes. */
const VERSION = 1
/** Bytes of the longest line: 100 bytes for each of a hundred thousand cells. */
const MOST_LINE_BYTES = 16 * 1024 ** 2

export interface KeptDigest {
  folder: string
  /** Changes when a file of the run does. */
  stamp: string
  digest: RunDigest
}

const headSchema = z.object({
  version: z.literal(VERSION),
  cells: z.array(historyCellSchema),
  hosts: z.array(fingerprintSchema),
})

const lineSchema = z.object({
  folder: z.string(),
  stamp: z.string(),
  id: z.string(),
  startedAt: runSchema.shape.startedAt,
  state: runSchema.shape.state,
  host: z.number(),
  scratch: z.enum(['loop', 'device']),
  disturbed: z.boolean(),
  points: z.array(z.tuple([z.number(), z.string(), z.number(), z.number(), z.number().nullable()])),
})

/** Returns the digests of the cache by folder; empty where it cannot be read. A line that is damaged is left out. */
export function readDigestCache(path: string): Map<string, KeptDigest> {
  const kept = new Map<string, KeptDigest>()
  try {
    const lines = completeLines(path, MOST_LINE_BYTES)
    const head = headSchema.parse(JSON.parse(lines.next().value as string))
    for (let next = lines.next(); !next.done; next = lines.next()) {
      const one = parseLine(next.value, head)
      if (one !== null) kept.set(one.folder, one)
    }
  } catch {
    // The cache is of another version, damaged or missing: what it lacks is read again.
  }
  return kept
}

function parseLine(text: string, { cells, hosts }: z.infer<typeof headSchema>): KeptDigest | null {
  const { success, data } = lineSchema.safeParse(JSON.parse(text))
  const host = success ? hosts[data.host] : undefined
  if (!success || host === undefined) return null
  const { folder, stamp, points, ...rest } = data
  return {
    folder,
    stamp,
    digest: {
      ...rest,
      host,
      points: points.flatMap(([index, image, n, median, ratio]) => {
        const cell = cells[index]
        return cell === undefined ? [] : [{ cell, image, n, median, ratio }]
      }),
    },
  }
}

/** Replaces the cache. Does nothing where that fails. */
export function writeDigestCache(path: string, kept: readonly KeptDigest[]): void {
  const cells = numbered<HistoryCell>()
  const hosts = numbered<Fingerprint>()
  const lines = kept.map(({ folder, stamp, digest }) => {
    const { host, points, ...rest } = digest
    const line: z.infer<typeof lineSchema> = {
      ...rest,
      folder,
      stamp,
      host: hosts.of(host),
      points: points.map(({ cell, image, n, median, ratio }) => [cells.of(cell), image, n, median, ratio]),
    }
    return JSON.stringify(line)
  })
  const head = JSON.stringify({ version: VERSION, cells: cells.all(), hosts: hosts.all() })
  try {
    mkdirSync(dirname(path), { recursive: true })
    replaceFile(path, `${[head, ...lines].join('\n')}\n`)
  } catch {
    // The next call reads the samples again.
  }
}

/** Gives equal things the same number. */
function numbered<T extends object>() {
  const known = new Map<T, number>()
  const texts = new Map<string, number>()
  const things: T[] = []
  return {
    of(thing: T): number {
      const number = known.get(thing) ?? texts.get(JSON.stringify(thing)) ?? things.push(thing) - 1
      if (!known.has(thing)) texts.set(JSON.stringify(thing), number)
      known.set(thing, number)
      return number
    },
    all: (): readonly T[] => things,
  }
}
