import { gzipSync } from 'node:zlib'
import type { Sample } from '../../../../harness/contracts/sample.ts'
import { formatCount, formatValue } from '../../../format/format.ts'
import { totalOf } from '../../../summary/sample-counts.ts'
import type { Summary } from '../../../summary/types.ts'
import { embedJson } from '../embed.ts'

/** Characters of compressed samples that a page carries; more stay in the run folder. */
export const SAMPLES_LIMIT = 1_500_000
/** Text compresses to a tenth or so: what is longer than this is not even tried. */
const TIMES_COMPRESSED = 12

export interface RawData {
  run: string
  /** samples.ndjson, compressed by gzip and in base64; null where it is too long. */
  samples: string | null
  note: string
}

/** The data to download from the page, fit for the inside of a `script` element. */
export function rawData(summary: Summary, samples: Iterable<Sample>, limit: number): RawData {
  const embedded = embedWithin(samples, limit)
  const count = formatCount(totalOf(summary.samples))
  const note =
    embedded === null
      ? `The ${count} samples are too many to carry in this page. They are in samples.ndjson, in the run’s folder.`
      : `All ${count} samples are in this page (${formatValue(embedded.length, 'bytes')}, compressed).`
  return { run: embedJson(summary.run), samples: embedded, note }
}

/** Stops at the limit, so that a million samples are not read and turned into text to be thrown away. */
function embedWithin(samples: Iterable<Sample>, limit: number): string | null {
  const lines: string[] = []
  let length = 0
  for (const sample of samples) {
    const line = `${JSON.stringify(sample)}\n`
    length += line.length
    if (length > limit * TIMES_COMPRESSED) return null
    lines.push(line)
  }
  const compressed = gzipSync(lines.join(''), { level: 9 }).toString('base64')
  return compressed.length > limit ? null : compressed
}
