import type { Run, Sample } from '../../../harness/contracts/run.ts'
import { formatCount, formatValue } from '../../format.ts'
import { embedJson } from '../embed.ts'

/** Characters of samples that a page carries; more stay in the run folder. */
export const SAMPLES_LIMIT = 1_500_000

export interface RawData {
  run: string
  /** One JSON array a page; null where there are too many. */
  samples: string | null
  note: string
}

/** The data to download from the page, escaped for a `script` element. */
export function rawData(run: Run, samples: readonly Sample[], limit: number): RawData {
  const embedded = embedWithin(samples, limit)
  const count = formatCount(samples.length)
  const note =
    embedded === null
      ? `The ${count} samples are too many to carry in this page. They are in samples.ndjson, in the run’s folder.`
      : `All ${count} samples are in this page (${formatValue(embedded.length, 'bytes')}).`
  return { run: embedJson(run), samples: embedded, note }
}

/** Stops at the limit, so that a million samples are not turned into text to be thrown away. */
function embedWithin(samples: readonly Sample[], limit: number): string | null {
  const parts: string[] = []
  let length = 2
  for (const sample of samples) {
    const part = embedJson(sample)
    length += part.length + 1
    if (length > limit) return null
    parts.push(part)
  }
  return `[${parts.join(',\n')}]`
}
