/** Digests of run folders, kept in a cache: a thousand runs have gigabytes of samples. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError, messageOf } from '../contracts/error.ts'
import type { Acceptance, HistoryRun, RunDigest } from '../contracts/history.ts'
import { readAccepted } from './accepted.ts'
import { readDigestCache, type KeptDigest, writeDigestCache } from './digest-cache.ts'
import type { RunPlace } from './find-runs.ts'
import { readRun, RUN_FILE, SAMPLES_FILE, type StoredRun } from './run-folder.ts'

export interface Digests {
  runs: readonly HistoryRun[]
  /** Folders whose run cannot be read, with the reason. */
  unreadable: readonly { folder: string; reason: string }[]
  /** How many were read from their samples, and not from the cache. */
  computed: number
}

/**
 * Returns the digests of runs. Those whose files have not changed since are taken from the cache, the others from their samples, one
 * run at a time; the cache is then written again. A cache that cannot be read or written is none: it only costs time.
 */
export function readDigests(
  places: readonly RunPlace[],
  cachePath: string,
  digestOf: (stored: StoredRun) => RunDigest,
): Digests {
  const cache = readDigestCache(cachePath)
  const unreadable: { folder: string; reason: string }[] = []
  let computed = 0
  const kept = places.flatMap((place): (KeptDigest & RunPlace)[] => {
    try {
      const stamp = stampOf(place.folder)
      const known = cache.get(place.folder)
      if (known?.stamp === stamp) return [{ ...place, stamp, digest: known.digest }]
      computed += 1
      return [{ ...place, stamp, digest: digestOf(readRun(place.folder)) }]
    } catch (error) {
      if (!(error instanceof BenchError)) throw error
      unreadable.push({ folder: place.folder, reason: messageOf(error) })
      return []
    }
  })
  if (computed > 0 || cache.size !== kept.length) writeDigestCache(cachePath, kept)
  const runs = kept.map(({ digest, folder, hostName }) => ({
    ...digest,
    folder,
    hostName,
    accepted: acceptanceOf(folder),
  }))
  return { runs, unreadable, computed }
}

/** Returns why and when a run was accepted; null where it was not, or where that cannot be read: it accepts nothing then. */
function acceptanceOf(folder: string): Acceptance | null {
  try {
    const accepted = readAccepted(folder)
    return accepted === null ? null : { because: accepted.because, at: accepted.at }
  } catch {
    return null
  }
}

/** Returns a text that changes when a file of the run does. */
function stampOf(folder: string): string {
  return [RUN_FILE, SAMPLES_FILE]
    .map((name) => statSync(join(folder, name), { throwIfNoEntry: false }))
    .map((stat) => (stat === undefined ? '-' : `${stat.mtimeMs}/${stat.size}/${stat.ino}`))
    .join(' ')
}
